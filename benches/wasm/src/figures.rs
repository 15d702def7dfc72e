//! Figures of repeated measurements, and the rows they end up in.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

/// The figure in the middle.
///
/// # Panics
/// Where there is none.
#[must_use]
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The mean of ratios.
#[must_use]
pub fn geometric_mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}

/// A row of a benchmark.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub name: &'static str,
    /// Ours.
    pub value: f64,
    /// Of both.
    pub unit: &'static str,
    /// Who else did the same in the same run, and the figure.
    pub peer: Option<(&'static str, f64)>,
}

impl Row {
    /// Ours by the peer's.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.peer.map(|(_, figure)| self.value / figure)
    }

    fn to_json(&self) -> Value {
        let (peer, figure) = self.peer.unzip();
        json!({
            "name": self.name, "value": rounded(self.value), "unit": self.unit,
            "peer": peer, "peer_value": figure.map(rounded), "ratio": self.ratio().map(rounded),
        })
    }
}

/// Four digits say more than was measured.
#[must_use]
pub fn rounded(figure: f64) -> f64 {
    if figure == 0.0 || !figure.is_finite() {
        return figure;
    }
    let scale = 10_f64.powi(3 - figure.abs().log10().floor() as i32);
    if scale < 1.0 { figure.round() } else { (figure * scale).round() / scale }
}

/// Writes objects as a list, one on each line.
///
/// # Errors
/// Those of the file.
pub fn write(path: &Path, objects: impl IntoIterator<Item = Value>) -> io::Result<()> {
    let lines: Vec<String> = objects.into_iter().map(|object| format!("  {object}")).collect();
    fs::write(path, format!("[\n{}\n]\n", lines.join(",\n")))
}

/// Writes the rows of a benchmark.
///
/// # Errors
/// Those of the file.
pub fn write_rows(path: &Path, rows: &[Row]) -> io::Result<()> {
    write(path, rows.iter().map(Row::to_json))
}
