//! Days on a wall.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The beginning of a day. Where a clock change leaves out midnight, the day begins an hour later.
pub fn midnight(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let start = timezone.from_local_datetime(&midnight).earliest();
    start.map_or_else(|| midnight.and_utc(), |start| start.with_timezone(&Utc))
}
