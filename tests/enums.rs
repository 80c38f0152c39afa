//! Derived enums: every kind of variant, many variants, discriminants, none.

use reduce_core::{ErrorKind, Expand, Reduce};
use std::fmt::Debug;

fn comes_back<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
    let bytes = reduce_core::to_vec(&value).unwrap();
    assert_eq!(reduce_core::from_slice::<T>(&bytes).unwrap(), value);
}

#[derive(Reduce, Debug, PartialEq, Clone)]
enum Shape {
    Nothing,
    NoPositions(),
    NoFields {},
    Circle(f64),
    Segment(i32, i32),
    Rectangle { width: u16, height: u16 },
    Group(Vec<Shape>),
}

#[test]
fn every_kind_of_variant_comes_back() {
    let shapes = [
        Shape::Nothing,
        Shape::NoPositions(),
        Shape::NoFields {},
        Shape::Circle(-0.0),
        Shape::Segment(i32::MIN, i32::MAX),
        Shape::Rectangle { width: 1, height: u16::MAX },
    ];
    for shape in shapes.clone() {
        comes_back(shape);
    }
    comes_back(Shape::Group(vec![Shape::Group(vec![]), Shape::Group(shapes.to_vec())]));
}

#[test]
fn a_variant_is_its_position_in_the_data() {
    for (shape, index) in [(Shape::Nothing, 0), (Shape::NoPositions(), 1), (Shape::NoFields {}, 2)]
    {
        let bytes = reduce_core::to_vec(&shape).unwrap();
        assert_eq!(bytes[bytes.len() - 2], index, "{shape:?}");
    }
}

#[test]
fn an_unknown_variant_is_malformed() {
    let mut bytes = reduce_core::to_vec(&Shape::Nothing).unwrap();
    let at = bytes.len() - 2;
    bytes[at] = 7;
    let error = reduce_core::from_slice::<Shape>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Malformed, Some(at)));
    assert_eq!(error.to_string(), format!("the enum `Shape` has no variant 7 (at byte {at})"));
}

#[test]
fn explicit_discriminants_play_no_part() {
    #[derive(Reduce, Debug, PartialEq, Clone, Copy)]
    #[repr(i16)]
    enum Level {
        Low = -300,
        Mid = 5,
        High = 1000,
    }
    mod plain {
        #[derive(reduce_core::Reduce, Debug, PartialEq)]
        pub enum Level {
            Low,
            Mid,
            High,
        }
    }
    let pairs = [
        (Level::Low, plain::Level::Low),
        (Level::Mid, plain::Level::Mid),
        (Level::High, plain::Level::High),
    ];
    for (explicit, plain) in pairs {
        comes_back(explicit);
        let bytes = reduce_core::to_vec(&explicit).unwrap();
        assert_eq!(reduce_core::from_slice::<plain::Level>(&bytes).unwrap(), plain);
    }
}

macro_rules! many {
    ($($variant:ident)*) => {
        #[derive(Reduce, Debug, PartialEq, Clone, Copy)]
        enum Many { $($variant),* }
        const ALL: &[Many] = &[$(Many::$variant),*];
    };
}

many! {
    V0 V1 V2 V3 V4 V5 V6 V7 V8 V9 V10 V11 V12 V13 V14 V15 V16 V17 V18 V19 V20 V21 V22 V23 V24 V25
    V26 V27 V28 V29 V30 V31 V32 V33 V34 V35 V36 V37 V38 V39 V40 V41 V42 V43 V44 V45 V46 V47 V48
    V49 V50 V51 V52 V53 V54 V55 V56 V57 V58 V59 V60 V61 V62 V63 V64 V65 V66 V67 V68 V69 V70 V71
    V72 V73 V74 V75 V76 V77 V78 V79 V80 V81 V82 V83 V84 V85 V86 V87 V88 V89 V90 V91 V92 V93 V94
    V95 V96 V97 V98 V99 V100 V101 V102 V103 V104 V105 V106 V107 V108 V109 V110 V111 V112 V113 V114
    V115 V116 V117 V118 V119 V120 V121 V122 V123 V124 V125 V126 V127 V128 V129 V130 V131 V132 V133
    V134 V135 V136 V137 V138 V139 V140 V141 V142 V143 V144 V145 V146 V147 V148 V149 V150 V151 V152
    V153 V154 V155 V156 V157 V158 V159 V160 V161 V162 V163 V164 V165 V166 V167 V168 V169 V170 V171
    V172 V173 V174 V175 V176 V177 V178 V179 V180 V181 V182 V183 V184 V185 V186 V187 V188 V189 V190
    V191 V192 V193 V194 V195 V196 V197 V198 V199 V200 V201 V202 V203 V204 V205 V206 V207 V208 V209
    V210 V211 V212 V213 V214 V215 V216 V217 V218 V219 V220 V221 V222 V223 V224 V225 V226 V227 V228
    V229 V230 V231 V232 V233 V234 V235 V236 V237 V238 V239 V240 V241 V242 V243 V244 V245 V246 V247
    V248 V249 V250 V251 V252 V253 V254 V255 V256 V257 V258 V259 V260 V261 V262 V263 V264 V265 V266
    V267 V268 V269 V270 V271 V272 V273 V274 V275 V276 V277 V278 V279 V280 V281 V282 V283 V284 V285
    V286 V287 V288 V289 V290 V291 V292 V293 V294 V295 V296 V297 V298 V299
}

#[test]
fn three_hundred_variants_come_back() {
    assert_eq!(ALL.len(), 300);
    let bytes = reduce_core::to_vec(ALL).unwrap();
    assert_eq!(reduce_core::from_slice::<Vec<Many>>(&bytes).unwrap(), ALL);
    // The 128th variant is the first one that takes two bytes.
    let one = |variant| reduce_core::to_vec(&ALL[variant]).unwrap().len();
    assert_eq!((one(128) - one(127), one(299) - one(128)), (1, 0));
}

#[test]
fn an_enum_without_variants_stands_in_types_that_hold_none() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Never {}
    comes_back(Vec::<Never>::new());
    comes_back(None::<Never>);
    // A stream that claims to hold one.
    let mut bytes = reduce_core::to_vec(&None::<Never>).unwrap();
    let at = bytes.len() - 2;
    bytes[at] = 1;
    let error = reduce_core::from_slice::<Option<Never>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn variants_skip_and_rebuild_fields() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Source {
        Inline(String, #[reduce(skip, rebuild = length)] usize),
        File {
            #[reduce(skip, rebuild = joined)]
            path: String,
            folder: String,
            name: String,
        },
        Cached {
            #[reduce(skip, default)]
            value: Option<u8>,
        },
    }
    fn length(text: &str) -> usize {
        text.len()
    }
    fn joined(folder: &str, name: &str) -> String {
        format!("{folder}/{name}")
    }
    let again = |value: &Source| -> Source {
        reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap()
    };
    assert_eq!(again(&Source::Inline("abc".into(), 99)), Source::Inline("abc".into(), 3));
    assert_eq!(
        again(&Source::File { path: "?".into(), folder: "a".into(), name: "b".into() }),
        Source::File { path: "a/b".into(), folder: "a".into(), name: "b".into() }
    );
    assert_eq!(again(&Source::Cached { value: Some(1) }), Source::Cached { value: None });
}

#[test]
fn an_error_in_a_variant_names_variant_and_field() {
    #[derive(Reduce, Debug)]
    enum Link {
        #[allow(dead_code, reason = "gives the other one an index")]
        Down,
        Up {
            #[allow(dead_code, reason = "read by the rebuild function")]
            port: u16,
            #[reduce(skip, rebuild = open)]
            #[allow(dead_code, reason = "never made")]
            socket: (),
        },
    }
    fn open(port: u16) -> Result<(), String> {
        Err(format!("port {port} is taken"))
    }
    let bytes = reduce_core::to_vec(&vec![Link::Down, Link::Up { port: 80, socket: () }]).unwrap();
    let error = reduce_core::from_slice::<Vec<Link>>(&bytes).unwrap_err();
    assert_eq!(error.path(), "[1].Up.socket");
    assert_eq!(
        error.to_string(),
        "[1].Up.socket: the rebuild function \"open\" failed: port 80 is taken"
    );
}
