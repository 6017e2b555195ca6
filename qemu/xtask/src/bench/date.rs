//! Today's date, as pages show it.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY_S: u64 = 86_400;

/// Today in UTC, such as `2026-11-21`.
pub(super) fn today() -> String {
    // A clock before 1970 shows that day.
    date(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / DAY_S))
}

/// The date so many days after 1970-01-01. Source: H. Hinnant, "chrono-compatible low-level date algorithms",
/// `civil_from_days`: years begin in March, so that the day that not every year has is the last one.
fn date(days: u64) -> String {
    const ERA_DAYS: u64 = 146_097;
    let from_march_0 = days + 719_468;
    let (era, day) = (from_march_0 / ERA_DAYS, from_march_0 % ERA_DAYS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn leap_days_and_turns_of_years_are_right() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_453, "2025-12-31"),
            (20_454, "2026-01-01"),
            (20_778, "2026-11-21"),
        ] {
            assert_eq!(date(days), expected);
        }
    }
}
