//! The decision to try again, as a pure function of what is known.

use std::time::Duration;

use http::StatusCode;

use crate::endpoint::RetrySafety;

/// How often and how long to try again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// The most tries, the first included.
    pub attempts: u32,
    /// The wait before the second try; doubled each time, with jitter.
    pub first_delay: Duration,
    /// The longest wait of our own.
    pub longest_delay: Duration,
    /// The longest wait that a server may ask for; above it the error says when to come back.
    pub longest_server_delay: Duration,
}

/// Four tries, half a second doubling to at most eight, and up to a minute where the server asks for it.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(8),
            longest_server_delay: Duration::from_mins(1),
        }
    }
}

/// What came of one try that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailedAttempt {
    /// The request surely never left.
    NotSent,
    /// No answer came; the request may have been applied (hazard A1).
    MaybeSent,
    /// An answer came that is longer than the transport takes in; the request may have been applied (hazard A18).
    TooLong,
    /// The server answered, and not with 2xx.
    Answered {
        /// The status.
        status: StatusCode,
        /// How long the server asks to wait.
        server_delay: Option<Duration>,
    },
}

/// What to do about a try that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Wait this long, then try again.
    Wait(Duration),
    /// Give up: trying again is not safe, cannot help, or was done often enough.
    Stop,
}

/// Whether to try again after `attempt` tries, and when.
///
/// What never left, and what was refused by 429 before it was looked at, is sent again whatever it is. After an unknown
/// outcome (no answer, 408, 500, 502, 503, 504) only what may be repeated is (hazard A1). Every other status is an
/// answer and final (hazard A2). `chance`, from 0 to 1, spreads the waits between the half and the whole of the
/// doubled delay; a wait is never shorter than the server asks (hazard A8).
pub(crate) fn decide(
    policy: &RetryPolicy,
    safety: RetrySafety,
    failed: FailedAttempt,
    attempt: u32,
    chance: f64,
) -> Decision {
    if attempt >= policy.attempts || !is_safe_to_retry(safety, failed) {
        return Decision::Stop;
    }
    let own = own_delay(policy, attempt, chance);
    match failed {
        FailedAttempt::Answered {
            server_delay: Some(asked),
            ..
        } if asked > policy.longest_server_delay => Decision::Stop,
        FailedAttempt::Answered {
            server_delay: Some(asked),
            ..
        } => Decision::Wait(own.max(asked)),
        _ => Decision::Wait(own),
    }
}

fn is_safe_to_retry(safety: RetrySafety, failed: FailedAttempt) -> bool {
    match failed {
        FailedAttempt::NotSent => true,
        FailedAttempt::MaybeSent => safety != RetrySafety::Once,
        FailedAttempt::TooLong => false,
        FailedAttempt::Answered { status, .. } => match status.as_u16() {
            429 => true,
            408 | 500 | 502 | 503 | 504 => safety != RetrySafety::Once,
            _ => false,
        },
    }
}

fn own_delay(policy: &RetryPolicy, attempt: u32, chance: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(31);
    let whole = policy
        .first_delay
        .saturating_mul(1 << doublings)
        .min(policy.longest_delay);
    let half = whole / 2;
    let chance = if chance.is_finite() {
        chance.clamp(0.0, 1.0)
    } else {
        1.0
    };
    let spread = Duration::try_from_secs_f64(half.as_secs_f64() * chance).unwrap_or(half);
    half.saturating_add(spread).min(whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAFETIES: [RetrySafety; 3] = [RetrySafety::Read, RetrySafety::Idempotent, RetrySafety::Once];

    fn after(safety: RetrySafety, failed: FailedAttempt) -> Decision {
        decide(&RetryPolicy::default(), safety, failed, 1, 1.0)
    }

    fn answered(status: u16, seconds: Option<u64>) -> FailedAttempt {
        FailedAttempt::Answered {
            status: StatusCode::from_u16(status).unwrap(),
            server_delay: seconds.map(Duration::from_secs),
        }
    }

    #[test]
    fn a1_an_unknown_outcome_is_tried_again_only_where_repeating_is_safe() {
        let unknown = [408, 500, 502, 503, 504].map(|status| answered(status, None));
        for failed in unknown.into_iter().chain([FailedAttempt::MaybeSent]) {
            assert_eq!(after(RetrySafety::Once, failed), Decision::Stop, "{failed:?}");
            for safety in [RetrySafety::Read, RetrySafety::Idempotent] {
                assert_ne!(after(safety, failed), Decision::Stop, "{failed:?}");
            }
        }
    }

    #[test]
    fn a1_what_never_left_or_was_refused_unseen_is_tried_again() {
        for safety in SAFETIES {
            for failed in [FailedAttempt::NotSent, answered(429, None)] {
                assert_eq!(after(safety, failed), Decision::Wait(Duration::from_millis(500)));
            }
        }
    }

    #[test]
    fn a2_every_other_answer_is_final() {
        for status in (300..600).filter(|status| ![408, 429, 500, 502, 503, 504].contains(status)) {
            for safety in SAFETIES {
                assert_eq!(after(safety, answered(status, None)), Decision::Stop, "{status}");
            }
        }
    }

    #[test]
    fn a8_the_server_is_waited_for_up_to_the_limit() {
        assert_eq!(
            after(RetrySafety::Once, answered(429, Some(60))),
            Decision::Wait(Duration::from_mins(1))
        );
        assert_eq!(after(RetrySafety::Once, answered(429, Some(61))), Decision::Stop);
    }

    #[test]
    fn delays_double_up_to_the_longest() {
        let policy = RetryPolicy {
            attempts: 9,
            ..RetryPolicy::default()
        };
        let waits: Vec<_> = (1..8)
            .map(|attempt| decide(&policy, RetrySafety::Read, FailedAttempt::NotSent, attempt, 1.0))
            .collect();
        let expected = [500, 1000, 2000, 4000, 8000, 8000, 8000].map(|ms| Decision::Wait(Duration::from_millis(ms)));
        assert_eq!(waits, expected);
    }

    #[test]
    fn a8_chance_spreads_a_wait_between_the_half_and_the_whole() {
        let policy = RetryPolicy::default();
        let wait = |attempt, chance| decide(&policy, RetrySafety::Read, FailedAttempt::NotSent, attempt, chance);
        for (chance, first, third) in [(0.0, 250, 1000), (0.5, 375, 1500), (1.0, 500, 2000)] {
            assert_eq!(wait(1, chance), Decision::Wait(Duration::from_millis(first)));
            assert_eq!(wait(3, chance), Decision::Wait(Duration::from_millis(third)));
        }
    }

    #[test]
    fn the_last_try_is_the_last() {
        for attempt in [4, 5, u32::MAX] {
            assert_eq!(
                decide(
                    &RetryPolicy::default(),
                    RetrySafety::Read,
                    FailedAttempt::NotSent,
                    attempt,
                    0.0
                ),
                Decision::Stop
            );
        }
    }

    proptest! {
        #[test]
        fn a_wait_lies_between_its_bounds(
            attempts in any::<u32>(),
            first in any::<u64>(),
            longest in any::<u64>(),
            limit in any::<u64>(),
            asked in proptest::option::of(any::<u64>()),
            attempt in any::<u32>(),
            chance in any::<f64>(),
            safety in proptest::sample::select(SAFETIES.to_vec()),
        ) {
            let policy = RetryPolicy {
                attempts,
                first_delay: Duration::from_millis(first),
                longest_delay: Duration::from_millis(longest),
                longest_server_delay: Duration::from_secs(limit),
            };
            match decide(&policy, safety, answered(429, asked), attempt, chance) {
                Decision::Stop => prop_assert!(attempt >= attempts || asked.is_some_and(|asked| asked > limit)),
                Decision::Wait(wait) => {
                    prop_assert!(attempt < attempts);
                    let asked = asked.map_or(Duration::ZERO, Duration::from_secs);
                    prop_assert!(wait >= asked);
                    prop_assert!(wait <= policy.longest_delay.max(asked));
                    prop_assert!(wait >= policy.first_delay.min(policy.longest_delay) / 2);
                }
            }
        }
    }
}
