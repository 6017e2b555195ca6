//! A list of figures, each as a multiple of P2: the handlers of different owners side by side.

use super::compare::{YARDSTICK, is_linux};
use super::results::{Measurement, Results};
use super::table::{Column, Table, number, ratio};

/// Whose handlers a figure is with, by what its id ends with. What ends otherwise is with the kernel's.
const VARIANTS: [(&str, &str); 4] =
    [("/native", "native"), ("/wasm", "Wasm"), ("/mixed", "mixed"), ("/thread", "threads")];

/// One line of the list.
struct Line<'a> {
    id: &'a str,
    name: &'a str,
    /// With the kernel's handlers, then by [`VARIANTS`].
    figures: [Option<&'a Measurement>; 1 + VARIANTS.len()],
}

/// Every result that `is_shown` by its id. Columns that would be empty are left out.
pub(super) fn list(results: &Results, is_shown: impl Fn(&str) -> bool) -> Table {
    let lines = lines(results, is_shown);
    let used: Vec<usize> = (0..=VARIANTS.len())
        .filter(|column| lines.iter().any(|line| line.figures[*column].is_some()))
        .collect();
    let owner = |column: &usize| column.checked_sub(1).map_or("kernel", |variant| VARIANTS[variant].1);
    let mut columns = vec![Column::words("id"), Column::words("what is timed")];
    columns.extend(used.iter().flat_map(|column| [Column::figures(owner(column)), Column::figures("x P2")]));
    let mut table = Table::new(columns);
    for line in lines {
        let figures = used.iter().flat_map(|column| cells(results, line.figures[*column]));
        table.push([line.id.to_owned(), line.name.to_owned()].into_iter().chain(figures).collect());
    }
    table
}

fn lines(results: &Results, is_shown: impl Fn(&str) -> bool) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for result in results.all().iter().filter(|result| is_shown(&result.id)) {
        let (id, column) = variant(&result.id);
        let known = lines.iter().position(|line| line.id == id);
        let line = known.unwrap_or_else(|| {
            lines.push(Line { id, name: &result.name, figures: [None; 1 + VARIANTS.len()] });
            lines.len() - 1
        });
        lines[line].figures[column] = Some(result);
    }
    lines
}

/// The line that an id stands in, and its column. Variants share a line where they are of one benchmark of the dispatcher;
/// elsewhere each has a name of its own.
fn variant(id: &str) -> (&str, usize) {
    let mut found = VARIANTS.iter().enumerate();
    match found.find_map(|(index, (end, _))| Some((id.strip_suffix(end)?, index + 1))) {
        Some((line, column)) if line.starts_with('D') => (line, column),
        Some((_, column)) => (id, column),
        None => (id, 0),
    }
}

fn cells(results: &Results, result: Option<&Measurement>) -> [String; 2] {
    let Some(result) = result else { return [String::new(), String::new()] };
    let yardstick = results.find(YARDSTICK).filter(|yardstick| yardstick.unit == result.unit);
    let times = yardstick.map(|yardstick| ratio(result.median / yardstick.median));
    [number(result.median), times.unwrap_or_else(|| result.unit.clone())]
}

/// Whether a figure is of the dispatcher: those are too many to stand beside Linux.
pub(super) fn is_of_dispatcher(id: &str) -> bool {
    !is_linux(id) && (id.starts_with('D') || id.starts_with("Z5"))
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::{is_of_dispatcher, list};

    #[test]
    fn variants_of_one_id_stand_in_one_line() {
        let results = results(&[
            ("P2", 8.0),
            ("D1/handlers=2", 16.0),
            ("D1/handlers=2/native", 24.0),
            ("D1/handlers=2/mixed", 80.0),
            ("P4/native", 80.0),
        ]);
        assert!(list(&results, |_| true).text().lines().any(|line| line.starts_with("P4/native ")));
        let markdown = list(&results, is_of_dispatcher).markdown();
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines[0], "| id | what is timed | kernel | x P2 | native | x P2 | mixed | x P2 |");
        assert_eq!(
            lines[2],
            "| D1/handlers=2 | what D1/handlers=2 is | 16.0 | 2.00 | 24.0 | 3.00 | 80.0 | 10.0 |"
        );
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn what_is_not_counted_in_the_yardstick_s_unit_is_no_multiple_of_it() {
        let mut results = results(&[("P2", 8.0)]);
        results.feed("", r#"{"id":"D6/lost","unit":"times","samples":1,"min":0,"median":0,"p99":0}"#);
        assert!(list(&results, |_| true).text().contains("0.0  times"));
    }
}
