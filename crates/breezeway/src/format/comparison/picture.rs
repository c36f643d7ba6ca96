//! A path as a picture: its hops from top to bottom, as the walk took them. Colours are the
//! page's, so that the picture is readable on any ground.

use blueprint::diagnostic::{Hop, Trace};
use maud::{Markup, html};

/// Characters of a hop's detail on one line.
const LINE_CHARS: usize = 64;

/// Units of the drawing.
const WIDTH: usize = 700;
const RAIL_X: usize = 24;
const STEP_X: usize = 48;
const DETAIL_X: usize = 180;
const LINE_HEIGHT: usize = 18;
const HOP_GAP: usize = 14;
const TOP: usize = 40;

/// Draws a trace.
pub(super) fn draw(trace: &Trace) -> Markup {
    let mut rows = Vec::new();
    let mut y = TOP + HOP_GAP + LINE_HEIGHT;
    for hop in &trace.hops {
        let lines = lines(&hop.detail);
        let height = lines.len() * LINE_HEIGHT;
        rows.push((hop, y, lines));
        y += height + HOP_GAP;
    }
    let last = rows.last().map_or(TOP, |(_, y, _)| *y);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", y + HOP_GAP)) role="img" {
            title { (trace.title) }
            text.start x=(STEP_X) y=(TOP - 12) { (trace.title) }
            line.rail x1=(RAIL_X) y1=(TOP - 18) x2=(RAIL_X) y2=(last.saturating_sub(4)) {}
            circle.stop cx=(RAIL_X) cy=(TOP - 18) r="5" {}
            @for (hop, y, lines) in &rows {
                (drawn(hop, *y, lines))
            }
        }
    }
}

fn drawn(hop: &Hop, y: usize, lines: &[String]) -> Markup {
    let class = if hop.outcome == "ok" { "ok" } else { "fault" };
    let centre = y.saturating_sub(5);
    html! {
        g class=(class) {
            @if is_place(hop) {
                rect.stop x=(RAIL_X - 8) y=(centre - 8) width="16" height="16" rx="4" {}
            } @else {
                circle.stop cx=(RAIL_X) cy=(centre) r="4" {}
            }
            text.step x=(STEP_X) y=(y) { (hop.step) }
            text.detail x=(DETAIL_X) y=(y) {
                @for (at, line) in lines.iter().enumerate() {
                    tspan x=(DETAIL_X) dy=(if at == 0 { 0 } else { LINE_HEIGHT }) { (line) }
                }
            }
            @if hop.outcome != "ok" {
                text.outcome x=(WIDTH - 4) y=(y) text-anchor="end" { (hop.outcome) }
            }
        }
    }
}

/// Whether a hop is something packets pass, and not something that lets them pass.
fn is_place(hop: &Hop) -> bool {
    !matches!(
        hop.step,
        "name" | "route" | "security group" | "network acl"
    )
}

/// Breaks a detail between words.
fn lines(detail: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in detail.split(' ') {
        let full = lines.last().is_some_and(|line| {
            !line.is_empty() && LINE_CHARS < line.chars().count() + 1 + word.chars().count()
        });
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
