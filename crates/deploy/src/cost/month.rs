//! A month in dollars, by service, as a table.

use std::fmt;

use super::{Prices, Usage, prices::Price};
use crate::{cli::Traffic, config::Config};

/// What a month costs.
#[derive(Debug)]
pub struct Month {
    /// What is reckoned with, and by which prices.
    head: Vec<String>,
    rows: Vec<Row>,
}

/// What is used of one thing.
#[derive(Debug)]
struct Row {
    service: &'static str,
    what: &'static str,
    amount: f64,
    free: f64,
    list: f64,
    due: f64,
}

impl Month {
    pub(super) fn of(config: &Config, traffic: Traffic, usage: &Usage, prices: &Prices) -> Self {
        let Prices {
            lambda,
            s3,
            out,
            cloudfront,
            cloudwatch,
            ..
        } = prices;
        let gb_s = lambda.gb_s(config.architecture);
        let rows = [
            row("Lambda", "requests", usage.requests, &lambda.requests),
            row("", "GB-seconds", usage.gb_s, &gb_s),
            row("S3", "GB kept", usage.gb_months, &s3.gb_months),
            row("", "PUT and LIST", usage.writes, &s3.writes),
            row("", "GET and HEAD", usage.reads, &s3.reads),
            row(
                "CloudFront",
                "requests",
                usage.edge_requests,
                &cloudfront.requests,
            ),
            row("", "GB received", usage.edge_out_gb, &cloudfront.out_gb),
            row("", "GB sent", usage.edge_in_gb, &cloudfront.in_gb),
            row(
                "Internet",
                "GB received without CloudFront",
                usage.out_gb,
                &out.gb,
            ),
            row("CloudWatch", "GB of log", usage.log_gb, &cloudwatch.log_gb),
            row("", "figures", usage.figures, &cloudwatch.figures),
            row("", "alarms", usage.alarms, &cloudwatch.alarms),
        ];
        Self {
            head: head(config, traffic, prices),
            rows: rows.into(),
        }
    }

    /// Dollars to pay, and what they would be if nothing were free.
    #[must_use]
    pub fn dollars(&self) -> (f64, f64) {
        let sum = |each: fn(&Row) -> f64| self.rows.iter().map(each).sum();
        (sum(|row| row.due), sum(|row| row.list))
    }
}

fn head(config: &Config, traffic: Traffic, prices: &Prices) -> Vec<String> {
    let Traffic {
        transfers,
        size,
        downloads,
        days,
    } = traffic;
    let assumed = &prices.assumed;
    vec![
        format!(
            "{} transfers a month of {size}, each received {downloads} times and kept for {days} days.",
            grouped(transfers as f64)
        ),
        format!(
            "US dollars, by AWS's list prices of {} for {}; the free part is that of a whole account.",
            prices.date, prices.region
        ),
        format!(
            "Assumed: a request takes {} s of {} MB, and leaves {} bytes in the log.",
            assumed.request_s, config.user.memory_mb, assumed.log_bytes
        ),
    ]
}

fn row(service: &'static str, what: &'static str, amount: f64, price: &Price) -> Row {
    Row {
        service,
        what,
        amount,
        free: price.free,
        list: price.list(amount),
        due: price.due(amount),
    }
}

/// `1,234`, or `0.56` of what is little.
fn grouped(amount: f64) -> String {
    if amount > 0.0 && amount < 10.0 && amount.fract() != 0.0 {
        return format!("{amount:.2}");
    }
    let digits = format!("{amount:.0}");
    let groups = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.head {
            writeln!(f, "{line}")?;
        }
        writeln!(
            f,
            "\n{:<12}{:<32}{:>12}{:>12}{:>10}{:>10}",
            "", "", "amount", "free", "list", "to pay"
        )?;
        let mut service = "";
        for row in &self.rows {
            // A service is named in its first row that has anything.
            let first = if row.service.is_empty() {
                service
            } else {
                row.service
            };
            service = first;
            if row.amount == 0.0 {
                continue;
            }
            let free = if row.free == 0.0 {
                String::new()
            } else {
                grouped(row.free)
            };
            let (amount, name) = (grouped(row.amount), std::mem::take(&mut service));
            writeln!(
                f,
                "{name:<12}{:<32}{amount:>12}{free:>12}{:>10.2}{:>10.2}",
                row.what, row.list, row.due
            )?;
        }
        let (due, list) = self.dollars();
        write!(f, "{:<68}{list:>10.2}{due:>10.2}", "a month")
    }
}
