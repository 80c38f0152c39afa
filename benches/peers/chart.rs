//! The chart: bars of every peer's ratio to the best peer, a field for each data set and work.

use crate::measure::{Column, Measured, OURS, PeerMeasured};
use reduce_benches::contest::Work;
use std::fmt::Write;

/// The four data sets that the chart shows, and what it shows of them: the rest is in the tables.
const CASES: [&str; 4] = ["log", "mesh", "players", "updates"];
const COLUMNS: [Column; 4] =
    [Column::Time(Work::Dump), Column::Time(Work::Load), Column::Time(Work::View), Column::Size];

/// Longer bars are cut off.
const LONGEST: f64 = 5.0;

// In pixels.
const LEFT: usize = 130;
const TOP: usize = 64;
const BAR: usize = 13;
const UNIT: usize = 32;
const FIELD: usize = 236;
const GAP: usize = 34;

const STYLE: &str = "text { font: 11px sans-serif; fill: #444 } .title { font-size: 15px; fill: #111 } \
    .head { font-size: 13px; font-weight: bold; fill: #111 } .ours { font-weight: bold; fill: #b3261e } \
    .peer { fill: #9db2bf } .we { fill: #b3261e } .one { stroke: #333; stroke-dasharray: 2 2 }";

/// The picture, as SVG.
pub fn draw(results: &[Measured]) -> String {
    let cases: Vec<&Measured> =
        CASES.iter().filter_map(|name| results.iter().find(|it| it.name == *name)).collect();
    let mut fields = String::new();
    let mut bottom = TOP;
    for column in COLUMNS {
        let names = names(&cases, column);
        if names.is_empty() {
            continue;
        }
        _ = writeln!(
            fields,
            "<text class=\"head\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{column}</text>",
            LEFT - 8,
            bottom - 8
        );
        for (row, name) in names.iter().enumerate() {
            let class = if *name == OURS { " class=\"ours\"" } else { "" };
            let y = bottom + row * BAR + BAR - 3;
            let x = LEFT - 8;
            _ = writeln!(
                fields,
                "<text{class} x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{name}</text>"
            );
        }
        for (place, measured) in cases.iter().enumerate() {
            field(&mut fields, measured, column, &names, LEFT + place * FIELD, bottom);
        }
        bottom += names.len() * BAR + GAP;
    }
    let (width, height) = (LEFT + cases.len() * FIELD, bottom);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
        <style>{STYLE}</style>\n\
        <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
        <text class=\"title\" x=\"{LEFT}\" y=\"20\">Times and sizes as multiples of the best peer's (dashed); less is better</text>\n"
    );
    for (place, measured) in cases.iter().enumerate() {
        let x = LEFT + place * FIELD;
        _ = writeln!(text, "<text class=\"head\" x=\"{x}\" y=\"42\">{}</text>", measured.name);
    }
    text.push_str(&fields);
    text.push_str("</svg>\n");
    text
}

/// All that have such a figure for one of the data sets, we first.
fn names(cases: &[&Measured], column: Column) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    let shown = |peer: &&PeerMeasured| peer.is_peer() || peer.name == OURS;
    for peer in cases.iter().flat_map(|measured| &measured.peers).filter(shown) {
        if peer.figure(column).is_some() && !names.contains(&peer.name) {
            names.push(peer.name);
        }
    }
    names
}

/// The bars of a data set.
fn field(
    text: &mut String,
    measured: &Measured,
    column: Column,
    names: &[&str],
    x: usize,
    y: usize,
) {
    let Some((_, best)) = measured.best(column) else {
        return;
    };
    for (row, name) in names.iter().enumerate() {
        let Some(figure) = measured.figure(name, column) else {
            continue;
        };
        let ratio = figure / best;
        let length = ratio.min(LONGEST) * UNIT as f64;
        let class = if *name == OURS { "we" } else { "peer" };
        let top = y + row * BAR;
        let end = x as f64 + length + 4.0;
        let cut = if ratio > LONGEST { "›" } else { "" };
        _ = writeln!(
            text,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{top}\" width=\"{length:.1}\" height=\"{}\"/>\
            <text x=\"{end:.1}\" y=\"{}\">{cut}{ratio:.2}</text>",
            BAR - 2,
            top + BAR - 3,
        );
    }
    let (one, end) = (x + UNIT, y + names.len() * BAR);
    _ = writeln!(
        text,
        "<line class=\"one\" x1=\"{one}\" x2=\"{one}\" y1=\"{}\" y2=\"{end}\"/>",
        y - 2
    );
}
