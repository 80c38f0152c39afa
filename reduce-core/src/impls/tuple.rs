//! Tuples of up to 16 elements.

use crate::__private::{expand_field, in_field, reduce_field};
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::columns::Rows;
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::row::{Row, RowMut, Width};
use crate::write::{Columns, Writer};

macro_rules! tuple {
    ($($type:ident $index:tt),+) => {
        impl<$($type: Describe),+> Describe for ($($type,)+) {
            fn def() -> &'static TypeDef {
                const {
                    &TypeDef::tuple::<Self>(&[$($type::def),+]).columns($($type::PART.columns)&&+)
                }
            }

            const PART: PartDef = PartDef::in_columns(Self::def);

            const WIDTH: Width = Width::of_parts(&[$($type::WIDTH),+]);
        }

        impl<$($type: Reduce),+> Reduce for ($($type,)+) {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                $(reduce_field(&self.$index, stringify!($index), w)?;)+
                Ok(())
            }

            fn reduce_rows(
                rows: &[&Self],
                column: Column,
                columns: &mut Columns<'_>,
            ) -> Result<(), Error> {
                $({
                    let part = columns.part(column, $index)?;
                    $type::reduce_column(rows.iter().map(|row| &row.$index), part, columns)?;
                })+
                Ok(())
            }

            #[inline]
            fn put_row(&self, row: &mut RowMut<'_>) {
                $(self.$index.put_row(row);)+
            }
        }

        impl<'de, $($type: Expand<'de>),+> Expand<'de> for ($($type,)+) {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                Ok(($(expand_field::<$type>(stringify!($index), r)?,)+))
            }

            #[inline]
            fn get_row(row: &mut Row<'_>) -> Self {
                ($($type::get_row(row),)+)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                Ok(($({
                    let part = plan.part($index, r)?;
                    part.value::<$type>(r).map_err(|error| error.in_field(stringify!($index)))?
                },)+))
            }

            #[inline]
            fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                let first = r.columns()?.parts(slot)?;
                Ok(($({
                    let part = first.column.behind($index).slot(first.row);
                    match $type::expand_slot(part, r) {
                        Ok(part) => part,
                        Err(error) => return Err(error.in_field(stringify!($index))),
                    }
                },)+))
            }

            #[inline(always)]
            #[allow(non_snake_case)] // a part is called as its type
            fn expand_rows<'c, const WITHIN: bool>(
                rows: Rows<'c, 'de>,
            ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error>
            {
                let parts = rows.parts()?;
                $(let mut $type = $type::expand_rows::<true>(parts.part($index))?;)+
                Ok(move |row, r: &mut Reader<'_, 'de>| {
                    Ok(($(in_field($type(row, r), stringify!($index))?,)+))
                })
            }

            fn collect(c: &mut Collect<'de>) {
                $($type::collect(c);)+
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
