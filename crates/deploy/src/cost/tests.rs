use bytesize::ByteSize;
use insta::assert_snapshot;

use super::{usage::Asked, *};
use crate::{
    config::{Files, Flags, read},
    names::Stage,
};

fn dev() -> Config {
    let read = read(Stage::Dev, &Files::Embedded, |_| None, &Flags::default());
    read.unwrap().remove(0)
}

fn traffic(transfers: u64, size: ByteSize, downloads: u64, days: u64) -> Traffic {
    Traffic {
        transfers,
        size,
        downloads,
        days,
    }
}

fn used(config: &Config, traffic: &Traffic) -> Usage {
    let prices: Prices = toml::from_str(include_str!("../../config/prices.toml")).unwrap();
    Usage::of(config, traffic, &prices.assumed)
}

/// To the cent.
fn cents(dollars: f64) -> f64 {
    (dollars * 100.0).round()
}

#[test]
fn s3_is_asked_as_the_tests_of_the_services_count() {
    // The table of ARCHITECTURE.md, for one transfer sent once and received once, without a token.
    for (parts, writes, through, straight) in [
        (3.0, 15.0, 27.0, 24.0),
        (241.0, 253.0, 979.0, 590.0),
        (2_401.0, 2_415.0, 9_619.0, 5_720.0),
    ] {
        let sent = Asked::sending(parts, false);
        for (ways, reads) in [(false, through), (true, straight)] {
            let received = Asked::receiving(parts, ways, 1.0);
            assert_eq!(sent.writes + received.writes, writes, "{parts} parts");
            assert_eq!(
                sent.reads + received.reads,
                reads,
                "{parts} parts, straight: {ways}"
            );
        }
    }
}

#[test]
fn nobody_there_costs_what_stands_and_sweeps() {
    let mut config = dev();
    let nobody = traffic(0, ByteSize::mib(100), 2, 7);
    let usage = used(&config, &nobody);
    // 30 days of 96 sweeps, each with 4 listings or writes and 2 reads, a second of half a GB.
    assert_eq!(
        (usage.requests, usage.writes, usage.reads),
        (2_880.0, 11_520.0, 5_760.0)
    );
    assert_eq!((usage.gb_s, usage.gb_months), (1_440.0, 0.0));
    // 11,520 / 1,000 * 0.005 + 5,760 / 1,000 * 0.0004 + (20 - 10) * 0.30 = 0.0576 + 0.0023 + 3
    let (due, list) = month(&config, &nobody).unwrap().dollars();
    assert_eq!(cents(due), 306.0);
    // and 2,880 requests, 1,440 GB-seconds, 2.8 MB of log, and all 20 figures: 0.0006 + 0.0192 + 0.0014 + 6.0599
    assert_eq!(cents(list), 608.0);
    config.admin.sweep = None;
    assert_eq!(used(&config, &nobody).requests, 0.0);
}

#[test]
fn what_a_month_of_transfers_uses() {
    let config = dev();
    // 100 MiB are 25 parts; 1,000 of them, each kept for 6 of 30 days: 200 are there at any time.
    let usage = used(&config, &traffic(1_000, ByteSize::mib(100), 2, 6));
    // sending 2 + 3 + 25, receiving 2 * (2 + 4 + 25), and 2,880 sweeps
    assert_eq!(usage.requests, 1_000.0 * (30.0 + 62.0) + 2_880.0);
    // sending 33, receiving 2 * 5; sweeping 4 + 200 * 29 / 1,000
    assert_eq!(usage.writes, 1_000.0 * (33.0 + 10.0) + 2_880.0 * 9.0);
    // sending 33, receiving 2 * (10 + 75) + 1; sweeping 2 + 200
    assert_eq!(usage.reads, 1_000.0 * (33.0 + 171.0) + 2_880.0 * 202.0);
    assert_eq!(usage.gb_months, 100.0 / 1_024.0 * 200.0);
    // half a GB: 92,000 requests of 0.1 s, 2,880 sweeps of 1 s + 200 * 5 ms
    assert!(
        (usage.gb_s - (4_600.0 + 2_880.0)).abs() < 1e-6,
        "{}",
        usage.gb_s
    );
    assert_eq!((usage.edge_out_gb, usage.out_gb), (195.3125, 0.0));
    assert_eq!(usage.edge_in_gb, 0.0, "they go straight to S3");
    assert_eq!(usage.edge_requests, 92_000.0 + 3_000.0 * 20.0);
}

#[test]
fn bytes_are_paid_by_the_way_that_they_go() {
    let mut config = dev();
    let much = traffic(1_000, ByteSize::gib(1), 2, 1);
    let ways = |config: &Config| {
        let usage = used(config, &much);
        (usage.edge_in_gb, usage.edge_out_gb, usage.out_gb)
    };
    assert_eq!(ways(&config), (0.0, 2_000.0, 0.0));
    config.direct = "off".into();
    assert_eq!(ways(&config), (1_000.0, 2_000.0, 0.0));
    config.direct = "both".into();
    assert_eq!(ways(&config), (0.0, 0.0, 2_000.0));
    // (2,000 - 100) * 0.09
    let straight = month(&config, &much).unwrap().to_string();
    assert!(straight.contains("171.00"), "{straight}");
    config.direct = "uploads".into();
    // (2,000 - 1,024) * 0.085
    let edge = month(&config, &much).unwrap().to_string();
    assert!(edge.contains("82.96"), "{edge}");
    config.user.distribution = None;
    assert_eq!(ways(&config), (0.0, 0.0, 2_000.0));
}

#[test]
fn the_rule_says_how_often_is_swept() {
    let mut config = dev();
    let mut requests = |rule: &str| {
        config.admin.sweep = Some(rule.into());
        used(&config, &traffic(0, ByteSize::mib(1), 0, 0)).requests
    };
    assert_eq!(requests("rate(1 hour)"), 720.0);
    assert_eq!(requests("rate(2 days)"), 15.0);
    assert_eq!(requests("rate(1 minute)"), 43_200.0);
    assert_eq!(requests("cron(0/15 * * * ? *)"), 2_880.0);
}

#[test]
fn no_traffic_is_too_much_to_reckon() {
    let all = traffic(u64::MAX, ByteSize::b(u64::MAX), u64::MAX, u64::MAX);
    let (due, _) = month(&dev(), &all).unwrap().dollars();
    assert!(due.is_finite() && due > 0.0, "{due}");
}

#[test]
fn a_month_is_a_table() {
    let month = month(&dev(), &traffic(1_000, ByteSize::mib(100), 2, 7)).unwrap();
    assert_snapshot!(month.to_string(), @"
    1,000 transfers a month of 100.0 MiB, each received 2 times and kept for 7 days.
    US dollars, by AWS's list prices of 2026-11-23 for us-east-1; the free part is that of a whole account.
    Assumed: a request takes 0.1 s of 512 MB, and leaves 1024 bytes in the log.

                                                      amount        free      list    to pay
    Lambda      requests                              94,880   1,000,000      0.02      0.00
                GB-seconds                             7,720     400,000      0.10      0.00
    S3          GB kept                                   23                  0.52      0.52
                PUT and LIST                          71,800                  0.36      0.36
                GET and HEAD                         881,760                  0.35      0.35
    CloudFront  requests                             152,000  10,000,000      0.15      0.00
                GB received                              195       1,024     16.60      0.00
    CloudWatch  GB of log                               0.09           5      0.05      0.00
                figures                                   20          10      6.00      3.00
    a month                                                                  24.16      4.24
    ");
}
