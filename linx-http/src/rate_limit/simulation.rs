//! Workers that send without a pause, against a server that counts in two windows, in virtual time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::SubsecRound;

use super::tests::{after, dated, limits, start};
use super::*;

/// One of the limits of a server: so many in so many seconds, used so far, until then.
struct Limit {
    most: u64,
    seconds: i64,
    used: u64,
    reset: DateTime<Utc>,
}

impl Limit {
    fn new(most: u64, seconds: i64) -> Self {
        Self {
            most,
            seconds,
            used: 0,
            reset: start(),
        }
    }
}

/// Answers with the headers of the limit that is nearer, as Procore does.
fn answer(limits_in_force: &mut [Limit], now: DateTime<Utc>) -> (StatusCode, HeaderMap) {
    for limit in &mut *limits_in_force {
        if now >= limit.reset {
            limit.used = 0;
            limit.reset = now.trunc_subsecs(0) + TimeDelta::seconds(limit.seconds);
        }
    }
    let full = limits_in_force.iter().any(|limit| limit.used >= limit.most);
    if !full {
        for limit in &mut *limits_in_force {
            limit.used += 1;
        }
    }
    let nearest = limits_in_force
        .iter()
        .min_by_key(|limit| (limit.most - limit.used) * 10_000 / limit.most)
        .unwrap();
    let status = if full {
        StatusCode::TOO_MANY_REQUESTS
    } else {
        StatusCode::OK
    };
    (status, limits(nearest.most, nearest.most - nearest.used, nearest.reset))
}

/// What a worker does next.
enum Worker {
    Wants,
    Sent(Departure),
    Answered(Departure, StatusCode, HeaderMap),
}

/// What a case changes.
#[derive(Debug, Clone, Copy)]
struct Case {
    workers: usize,
    hourly: u64,
    short: u64,
    /// How long a request is on its way, and as long back.
    way: TimeDelta,
    /// How far our clock is ahead of the server's, in milliseconds, turn by turn: it is set every ten minutes.
    ahead: &'static [i64],
    /// Which part of a second has passed when the first request leaves, in milliseconds.
    phase: i64,
    /// Whether the server sends its `Date`.
    is_dated: bool,
    /// For how many seconds they send.
    lasts: u16,
}

const PLAIN: Case = Case {
    workers: 8,
    hourly: 3600,
    short: 25,
    way: TimeDelta::milliseconds(25),
    ahead: &[0],
    phase: 0,
    is_dated: true,
    lasts: 7200,
};

impl Case {
    /// The most that the server allows in that time.
    fn possible(&self) -> u64 {
        let hours = u64::from(self.lasts.div_ceil(3600));
        (self.short * u64::from(self.lasts / 10)).min(self.hourly * hours)
    }

    fn moment(&self, now: DateTime<Utc>) -> Moment {
        let passed = now - start();
        let turn = usize::try_from(passed.num_minutes() / 10).unwrap() % self.ahead.len();
        Moment {
            shown: now + TimeDelta::milliseconds(self.ahead[turn]),
            steady: passed.to_std().unwrap(),
        }
    }

    /// Lets the workers send without a pause: how many requests were served and how many refused. A worker
    /// that waits leaves up to a quarter of a second later than it may, as the engine spreads them.
    fn run(self) -> (u64, u64) {
        let mut server = [Limit::new(self.hourly, 3600), Limit::new(self.short, 10)];
        let mut state = LimitState::default();
        let (mut good, mut refused) = (0, 0);
        let mut doing: Vec<Worker> = (0..self.workers).map(|_| Worker::Wants).collect();
        let begins = start() + TimeDelta::milliseconds(self.phase);
        let mut turns: BinaryHeap<_> = (0..self.workers).map(|worker| Reverse((begins, 0, worker))).collect();
        let mut order: i32 = 0;
        while let Some(Reverse((now, _, worker))) =
            turns.pop().filter(|Reverse((now, ..))| *now < after(self.lasts.into()))
        {
            let moment = self.moment(now);
            let spread = TimeDelta::milliseconds(i64::from(order) * 7919 % 250);
            let (next, then) = match std::mem::replace(&mut doing[worker], Worker::Wants) {
                Worker::Wants => match state.wait(moment) {
                    Some(wait) => (now + wait + spread, Worker::Wants),
                    None => (now + self.way, Worker::Sent(state.depart(moment))),
                },
                Worker::Sent(departure) => {
                    let (status, mut headers) = answer(&mut server, now);
                    if self.is_dated {
                        headers = dated(headers, now);
                    }
                    *(if status == StatusCode::OK {
                        &mut good
                    } else {
                        &mut refused
                    }) += 1;
                    (now + self.way, Worker::Answered(departure, status, headers))
                }
                Worker::Answered(departure, status, headers) => {
                    let asked = state.observe(moment, departure, status, &headers);
                    (now + asked.unwrap_or_default(), Worker::Wants)
                }
            };
            doing[worker] = then;
            order += 1;
            turns.push(Reverse((next, order, worker)));
        }
        (good, refused)
    }

    fn uses_its_allowance(self) {
        let (served, refused) = self.run();
        assert_eq!(refused, 0, "{self:?}");
        assert!(
            served * 100 >= self.possible() * 95,
            "{served} of {} {self:?}",
            self.possible()
        );
    }
}

#[test]
fn a8_eight_workers_use_the_allowance_and_are_not_refused() {
    for (hourly, short) in [(600, 25), (3600, 25), (3600, 100), (600, 1000), (100_000, 25)] {
        for is_dated in [false, true] {
            Case {
                hourly,
                short,
                is_dated,
                ..PLAIN
            }
            .uses_its_allowance();
        }
    }
}

#[test]
fn d27_the_allowance_is_used_whatever_our_clock_shows() {
    for ahead in [
        &[20_000_i64][..],
        &[-75_000],
        &[840],
        &[-3_600_000],
        &[0, 20_000, -75_000, 86_400_000],
    ] {
        for (workers, way) in [(8, 25), (1, 150), (20, 5)] {
            for phase in [0, 840] {
                let case = Case {
                    workers,
                    way: TimeDelta::milliseconds(way),
                    ahead,
                    phase,
                    hourly: 100_000,
                    lasts: 1800,
                    ..PLAIN
                };
                case.uses_its_allowance();
            }
        }
    }
}
