//! Pictures of curves: both axes logarithmic, written as SVG.
//!
//! ```text
//!   title
//!   |            ___/ name of the curve, at its last point
//!   |      _____/
//!   |_____/______________
//!        x-axis in words
//! ```
//!
//! *Not here*: which curves there are (`curves`).

mod scale;

use std::fmt::{self, Write};

use scale::Scale;

/// A picture of some curves.
#[derive(Debug)]
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    /// What the two axes count.
    pub(super) axes: [&'a str; 2],
    pub(super) curves: Vec<Curve<'a>>,
}

/// A curve: points from left to right. Those with a coordinate that is not above 0 are not drawn.
#[derive(Debug)]
pub(super) struct Curve<'a> {
    pub(super) name: &'a str,
    pub(super) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
/// What lies between the edges and the axes.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 48.0;
/// Names of curves are at least so far apart.
const LINE: f64 = 15.0;

/// Told apart by those who see few colours too. Source: M. Okabe, K. Ito, "Color Universal Design", 2008.
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// The two axes, once it is known what they span.
struct Plane {
    x: Scale,
    y: Scale,
}

impl Plane {
    fn x(&self, value: f64) -> f64 {
        LEFT + self.x.place(value) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.place(value) * (HEIGHT - TOP - BOTTOM)
    }
}

impl Chart<'_> {
    /// The picture, or `None` if there is nothing to draw.
    pub(super) fn svg(&self) -> Option<String> {
        let points = || self.curves.iter().flat_map(Curve::drawn);
        let x = Scale::around(points().map(|(x, _)| x))?;
        let y = Scale::around(points().map(|(_, y)| y))?;
        let mut svg = String::new();
        self.write(&mut svg, &Plane { x, y }).expect("writing to a string cannot fail");
        Some(svg)
    }

    fn write(&self, svg: &mut String, plane: &Plane) -> fmt::Result {
        let title = escaped(self.title);
        writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="none">"#
        )?;
        writeln!(svg, "<title>{title}</title>")?;
        writeln!(svg, r#"<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>"#)?;
        text(svg, (LEFT, 24.0), r#"font-size="15" font-weight="bold""#, self.title)?;
        self.write_axes(svg, plane)?;
        let drawn = self.curves.iter().filter(|curve| curve.drawn().next().is_some());
        let drawn: Vec<(&Curve<'_>, &str)> = drawn.zip(COLOURS.into_iter().cycle()).collect();
        for (curve, colour) in &drawn {
            curve.write(svg, plane, colour)?;
        }
        write_names(svg, plane, &drawn)?;
        writeln!(svg, "</svg>")
    }

    fn write_axes(&self, svg: &mut String, plane: &Plane) -> fmt::Result {
        const GRID: &str = r##"stroke="#d0d7de" stroke-width="1""##;
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for value in plane.x.ticks() {
            let x = plane.x(value);
            writeln!(svg, r#"<path d="M{x:.1} {TOP}V{bottom}" {GRID}/>"#)?;
            text(svg, (x, bottom + 16.0), r#"text-anchor="middle""#, &value)?;
        }
        for value in plane.y.ticks() {
            let y = plane.y(value);
            writeln!(svg, r#"<path d="M{LEFT} {y:.1}H{right}" {GRID}/>"#)?;
            text(svg, (LEFT - 6.0, y + 4.0), r#"text-anchor="end""#, &value)?;
        }
        let [x, y] = self.axes;
        text(svg, ((LEFT + right) / 2.0, HEIGHT - 12.0), r#"text-anchor="middle""#, &x)?;
        let middle = (TOP + bottom) / 2.0;
        let turned = format!(r#"text-anchor="middle" transform="rotate(-90 16 {middle})""#);
        text(svg, (16.0, middle), &turned, &y)
    }
}

impl Curve<'_> {
    fn drawn(&self) -> impl Iterator<Item = (f64, f64)> {
        self.points.iter().copied().filter(|(x, y)| *x > 0.0 && *y > 0.0)
    }

    fn write(&self, svg: &mut String, plane: &Plane, colour: &str) -> fmt::Result {
        let places: Vec<(f64, f64)> = self.drawn().map(|(x, y)| (plane.x(x), plane.y(y))).collect();
        let line: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        writeln!(svg, r#"<path d="M{}" stroke="{colour}" stroke-width="2"/>"#, line.join("L"))?;
        places.iter().try_for_each(|(x, y)| {
            writeln!(svg, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#)
        })
    }
}

/// Names each curve beside its last point, moved down where two would overlap.
fn write_names(svg: &mut String, plane: &Plane, drawn: &[(&Curve<'_>, &str)]) -> fmt::Result {
    let mut names: Vec<(f64, &str, &str)> = drawn
        .iter()
        .filter_map(|(curve, colour)| Some((plane.y(curve.drawn().last()?.1), curve.name, *colour)))
        .collect();
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let lowest_first = HEIGHT - BOTTOM - LINE * names.len().saturating_sub(1) as f64;
    let mut free = TOP;
    for (index, (y, name, colour)) in names.into_iter().enumerate() {
        let y = y.min(lowest_first + LINE * index as f64).max(free);
        free = y + LINE;
        text(svg, (WIDTH - RIGHT + 8.0, y + 4.0), &format!(r#"fill="{colour}""#), name)?;
    }
    Ok(())
}

/// One line of text. `attributes` come first, so that a colour among them counts.
fn text(
    svg: &mut String,
    (x, y): (f64, f64),
    attributes: &str,
    what: &(impl fmt::Display + ?Sized),
) -> fmt::Result {
    let fill = if attributes.contains("fill=") { "" } else { r##" fill="#24292f""## };
    writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" {attributes}{fill}>{}</text>"#, escaped(&what.to_string()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{Chart, Curve};

    fn chart(curves: Vec<Curve<'static>>) -> Chart<'static> {
        Chart { title: "Raises & guards", axes: ["handlers", "ns"], curves }
    }

    fn curve(name: &'static str, points: &[(f64, f64)]) -> Curve<'static> {
        Curve { name, points: points.to_vec() }
    }

    #[test]
    fn the_ends_of_a_curve_lie_on_the_edges_of_the_axes() {
        let svg = chart(vec![curve("kernel", &[(1.0, 1.0), (100.0, 10.0)])]).svg().unwrap();
        assert!(svg.contains(r#"d="M64.0 372.0L550.0 40.0""#), "{svg}");
        assert!(svg.contains("<title>Raises &amp; guards</title>"));
        assert_eq!(svg.matches("<circle").count(), 2);
    }

    #[test]
    fn what_no_logarithm_shows_is_left_out() {
        let svg = chart(vec![curve("kernel", &[(0.0, 1.0), (1.0, 2.0)]), curve("empty", &[])]).svg().unwrap();
        assert_eq!(svg.matches("<circle").count(), 1);
        assert!(!svg.contains("empty"));
        assert!(chart(vec![curve("kernel", &[(0.0, 1.0)])]).svg().is_none());
    }

    #[test]
    fn names_of_curves_that_meet_do_not_lie_on_each_other() {
        let same = [(1.0, 1.0), (10.0, 5.0)];
        let svg = chart(vec![curve("one", &same), curve("two", &same), curve("three", &same)]).svg().unwrap();
        let line = |name: &str| {
            let line = svg.lines().find(|line| line.ends_with(&format!(">{name}</text>"))).unwrap();
            let y = line.split_once("y=\"").unwrap().1.split_once('"').unwrap().0;
            y.parse::<f64>().unwrap()
        };
        let mut lines = ["one", "two", "three"].map(line);
        lines.sort_by(f64::total_cmp);
        assert!(lines[1] - lines[0] >= 15.0 && lines[2] - lines[1] >= 15.0, "{lines:?}");
    }
}
