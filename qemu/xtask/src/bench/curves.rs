//! Which curves are drawn of the figures, and where the pictures are kept: `docs/benchmarks/`.
//!
//! *Concepts*: the points of a curve are the results whose ids are its pattern with a number in place of `#`.

use std::fmt::Write;

use super::chart::{Chart, Curve};
use super::results::Results;
use crate::failure::Result;
use crate::folders::{self, Folders};

/// Where pictures are, seen from the page.
const FOLDER: &str = "benchmarks";

/// A picture: the name of its file without what tells machines apart, its title, its x-axis, its curves.
struct Picture {
    file: &'static str,
    title: &'static str,
    x: &'static str,
    /// Name and pattern of ids.
    curves: &'static [(&'static str, &'static str)],
}

const PICTURES: &[Picture] = &[
    Picture {
        file: "handlers",
        title: "A raise with N handlers",
        x: "handlers",
        curves: &[
            ("kernel handlers", "D1/handlers=#"),
            ("native handlers", "D1/handlers=#/native"),
            ("Wasm handlers", "D1/handlers=#/wasm"),
            ("of each kind a third", "D1/handlers=#/mixed"),
            ("threads of a program", "D1/handlers=#/thread"),
            ("RwLock<Vec<Box<dyn Fn>>>", "beside/rwlock/handlers=#"),
            ("crate signals2", "beside/signals2/handlers=#"),
        ],
    },
    Picture {
        file: "guards",
        title: "A raise with N guarded handlers beside one without a guard",
        x: "guarded handlers",
        curves: &[
            ("closures, true", "D1/guards_true=#"),
            ("closures, false", "D1/guards_false=#"),
            ("keys, false", "D1/keys_false=#"),
            ("native, true", "D1/guards_true=#/native"),
            ("native, false", "D1/guards_false=#/native"),
            ("Wasm, true", "D1/guards_true=#/wasm"),
            ("Wasm, false", "D1/guards_false=#/wasm"),
        ],
    },
    Picture {
        file: "keys",
        title: "A raise that one of N guarded handlers takes",
        x: "guarded handlers",
        curves: &[
            ("keys, the same each time", "D1/keys=#"),
            ("keys, another each time", "D1/keys=#/rotating"),
            ("ranges", "D1/ranges=#"),
            ("keys, native handlers", "D1/keys=#/native"),
            ("keys, Wasm handlers", "D1/keys=#/wasm"),
            ("the same by closures", "D1/selecting=#"),
        ],
    },
    Picture {
        file: "filters",
        title: "A packet that one of N filters takes",
        x: "filters",
        curves: &[
            ("keys", "D7/filters=#/keys"),
            ("closures", "D7/filters=#/closures"),
            ("native closures", "D7/filters=#/closures/native"),
            ("Wasm closures", "D7/filters=#/closures/wasm"),
        ],
    },
    Picture {
        file: "changes",
        title: "Changing the bindings of an event with N handlers",
        x: "handlers",
        curves: &[
            ("install", "D3/install=#"),
            ("uninstall", "D3/uninstall=#"),
            ("swap of one", "D3/swap=#"),
            ("install N at once, each", "D3/install_all=#"),
        ],
    },
];

/// Draws what there are figures for and writes it below the page's folder, as `MACHINE-FILE.svg`; returns the Markdown
/// that shows the pictures.
pub(super) fn draw(folders: &Folders, machine: &str, results: &Results) -> Result<String> {
    let folder = folders.root().join("docs").join(FOLDER);
    folders::create(&folder)?;
    let mut markdown = String::new();
    for picture in PICTURES {
        let Some(svg) = picture.svg(machine, results) else { continue };
        let file = format!("{machine}-{}.svg", picture.file);
        folders::write(&folder.join(&file), svg.as_bytes())?;
        // Writing to a string cannot fail.
        let _ = writeln!(markdown, "![{}: {}]({FOLDER}/{file})\n", picture.title, machine);
    }
    Ok(markdown)
}

impl Picture {
    fn svg(&self, machine: &str, results: &Results) -> Option<String> {
        let unit = results.all().first()?.unit.as_str();
        let curve = |(name, pattern): &(&'static str, &str)| Curve { name, points: points(results, pattern) };
        let curves: Vec<Curve<'_>> = self.curves.iter().map(curve).collect();
        // One point is no curve.
        if curves.iter().all(|curve| curve.points.len() < 2) {
            return None;
        }
        let title = format!("{} ({machine})", self.title);
        Chart { title: &title, axes: [self.x, unit], curves }.svg()
    }
}

/// The points of a curve, from left to right.
fn points(results: &Results, pattern: &str) -> Vec<(f64, f64)> {
    let (before, after) = pattern.split_once('#').expect("a pattern has a number");
    let number = |id: &str| id.strip_prefix(before)?.strip_suffix(after)?.parse::<u32>().ok();
    let point = |(id, median): (&str, f64)| Some((f64::from(number(id)?), median));
    let all = results.all().iter().map(|result| (result.id.as_str(), result.median));
    let mut points: Vec<(f64, f64)> = all.filter_map(point).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::{PICTURES, points};

    #[test]
    fn the_points_of_a_curve_are_its_own_and_in_order() {
        let results = results(&[
            ("D1/keys=100", 9.0),
            ("D1/keys=100/rotating", 30.0),
            ("D1/keys=1", 8.0),
            ("D1/keys_false=1", 7.0),
            ("D1/keys=1/native", 7.0),
        ]);
        assert_eq!(points(&results, "D1/keys=#"), [(1.0, 8.0), (100.0, 9.0)]);
        assert_eq!(points(&results, "D1/keys=#/rotating"), [(100.0, 30.0)]);
    }

    #[test]
    fn what_was_not_measured_is_not_drawn() {
        let figures = results(&[("D1/handlers=1", 9.0), ("D1/handlers=2", 9.0), ("D1/keys=1", 8.0)]);
        let drawn: Vec<&str> = PICTURES
            .iter()
            .filter(|picture| picture.svg("guest", &figures).is_some())
            .map(|picture| picture.file)
            .collect();
        assert_eq!(drawn, ["handlers"]);
    }
}
