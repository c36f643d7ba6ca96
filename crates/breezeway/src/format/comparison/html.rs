//! A comparison as a page that needs nothing else: the same columns, and for each way a picture
//! of the path its first client takes to the first broker.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{cells, heading, headings, legend, picture, remarks};
use crate::comparison::{Compared, Comparison, Route};

/// Follows the reader's light or dark ground; wide tables scroll by themselves.
const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c8ced6; --soft: #57606a;
  --good: #1a7f37; --bad: #b42318; --band: #f3f5f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #12161c; --line: #3a434e;
  --soft: #9aa5b1; --good: #56d364; --bad: #ff8f85; --band: #1b222b; } }
body { color: var(--ink); background: var(--paper); font: 15px/1.5 system-ui, sans-serif;
  margin: 2rem auto; padding: 0 1rem; max-width: 76rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left;
  vertical-align: top; min-width: 6rem; max-width: 20rem; }
th { background: var(--band); } tr > :first-child { position: sticky; left: 0; white-space: nowrap;
  background: var(--band); }
.refused td { color: var(--soft); } p.legend, p.facts { color: var(--soft); }
figure { margin: 1rem 0; border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; }
figcaption { font-weight: 600; } svg { width: 100%; max-width: 700px; height: auto; }
svg text { fill: var(--ink); font: 12px ui-monospace, monospace; } svg .step { fill: var(--soft); }
svg .start { font-weight: 600; } svg .rail { stroke: var(--line); stroke-width: 3; }
svg .stop { fill: var(--paper); stroke: var(--good); stroke-width: 2.5; }
svg .fault .stop { stroke: var(--bad); } svg .fault text { fill: var(--bad); }
";

/// Writes the page of a spec's comparison.
pub fn page(name: &str, comparison: &Comparison, routes: &[Route]) -> String {
    let body = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Ways to connect: " (name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Ways to connect: " (name) }
                @for (at, compared) in comparison.pairs.iter().enumerate() {
                    (section(at, compared, routes))
                }
                p.legend { (legend(&comparison.pairs, &comparison.date)) }
            }
        }
    };
    body.into_string()
}

fn section(at: usize, compared: &Compared, routes: &[Route]) -> Markup {
    let (pair, facts) = heading(compared);
    html! {
        section {
            h2 { (pair) }
            p.facts { (facts) }
            (table(compared))
            ul {
                @for remark in remarks(compared) {
                    li { (remark) }
                }
            }
            @for route in routes.iter().filter(|route| route.pair == at) {
                figure {
                    figcaption { (route.variant) ": " (route.promise) ", " (route.trace.verdict) }
                    (picture::draw(&route.trace))
                }
            }
        }
    }
}

fn table(compared: &Compared) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr { @for heading in headings() { th { (heading) } } } }
                tbody {
                    @for way in &compared.ways {
                        tr class=(if way.outcome.is_open() { "open" } else { "refused" }) {
                            @for (at, cell) in cells(way).iter().enumerate() {
                                @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
