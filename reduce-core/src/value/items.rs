//! The values that a value holds, taken apart and copied without recursion: a value may nest deeper than the stack.

use super::Value;
use super::object::{Object, Shared};
use alloc::vec::Vec;
use core::mem;

/// What a value holds.
#[derive(Default)]
pub(super) struct Items(Vec<Value>);

impl Items {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Items(values)
    }

    pub(super) fn one(value: Value) -> Self {
        Items(alloc::vec![value])
    }

    pub(super) fn as_slice(&self) -> &[Value] {
        &self.0
    }

    pub(super) fn vec_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }

    pub(super) fn take(&mut self) -> Vec<Value> {
        mem::take(&mut self.0)
    }
}

/// What is left to drop.
enum Left {
    Values(Vec<Value>),
    /// Those that nothing refers to any longer.
    Objects(Vec<Object>),
}

impl Drop for Items {
    fn drop(&mut self) {
        // Lists are set aside whole: one that took in what others hold would have to grow.
        let (mut values, mut aside) = (self.take(), Vec::new());
        loop {
            let Some(mut value) = values.pop() else {
                values = match aside.pop() {
                    None => return,
                    Some(Left::Values(values)) => values,
                    Some(Left::Objects(mut objects)) => {
                        let content = objects.pop().map(|mut object| object.content.take());
                        if !objects.is_empty() {
                            aside.push(Left::Objects(objects));
                        }
                        content.unwrap_or_default()
                    }
                };
                continue;
            };
            if let Value::Shared(object) | Value::Weak(object) = &mut value {
                aside.extend(object.last().map(Left::Objects));
            } else if let Some(items) = value.items_mut().filter(|items| !items.0.is_empty()) {
                let around = mem::replace(&mut values, items.take());
                if !around.is_empty() {
                    aside.push(Left::Values(around));
                }
            }
        }
    }
}

impl Clone for Items {
    fn clone(&self) -> Self {
        let mut copy = Items::default();
        let mut left = alloc::vec![(self, &mut copy)];
        while let Some((from, to)) = left.pop() {
            to.0.reserve_exact(from.0.len());
            to.0.extend(from.0.iter().map(Value::without_items));
            for (from, to) in from.0.iter().zip(&mut to.0) {
                if let (Some(from), Some(to)) = (from.items(), to.items_mut())
                    && !from.0.is_empty()
                {
                    left.push((from, to));
                }
            }
        }
        copy
    }
}

/// Calls a function on every reference to a shared object in a value, those inside of objects aside.
pub(super) fn each_shared<'a>(value: &'a Value, mut found: impl FnMut(&'a Shared)) {
    let mut left = alloc::vec![core::slice::from_ref(value).iter()];
    while let Some(values) = left.last_mut() {
        match values.next() {
            None => drop(left.pop()),
            Some(Value::Shared(object) | Value::Weak(object)) => found(object),
            Some(value) => left.extend(value.items().map(|items| items.0.iter())),
        }
    }
}

/// As [`each_shared`], to change them.
pub(super) fn each_shared_mut(value: &mut Value, mut change: impl FnMut(&mut Shared)) {
    let mut left = alloc::vec![core::slice::from_mut(value).iter_mut()];
    while let Some(values) = left.last_mut() {
        match values.next() {
            None => drop(left.pop()),
            Some(Value::Shared(object) | Value::Weak(object)) => change(object),
            Some(value) => left.extend(value.items_mut().map(|items| items.0.iter_mut())),
        }
    }
}
