//! A terminal, as far as live lines need one: a line that is full goes on below.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use indicatif::TermLike;

const WIDTH: usize = 100;

#[derive(Clone, Debug, Default)]
pub(super) struct Screen(Arc<Mutex<Shown>>);

#[derive(Debug, Default)]
struct Shown {
    rows: Vec<[char; WIDTH]>,
    row: usize,
    column: usize,
}

impl Screen {
    /// What can be read on it.
    pub(super) fn text(&self) -> String {
        let rows = &self.shown().rows;
        let lines = rows.iter().map(|row| row.iter().collect::<String>());
        let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n").trim_end().to_owned()
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap()
    }
}

impl Shown {
    fn put(&mut self, character: char) {
        match character {
            '\r' => self.column = 0,
            '\n' => (self.row, self.column) = (self.row + 1, 0),
            character => {
                if self.column == WIDTH {
                    (self.row, self.column) = (self.row + 1, 0);
                }
                let rows = self.rows.len().max(self.row + 1);
                self.rows.resize(rows, [' '; WIDTH]);
                self.rows[self.row][self.column] = character;
                self.column += 1;
            }
        }
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        100
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        let mut shown = self.shown();
        shown.row = shown.row.saturating_sub(n);
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.shown().row += n;
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.shown().column += n;
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        let mut shown = self.shown();
        shown.column = shown.column.saturating_sub(n);
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut shown = self.shown();
        text.chars().for_each(|character| shown.put(character));
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        let mut shown = self.shown();
        let row = shown.row;
        if let Some(row) = shown.rows.get_mut(row) {
            row.fill(' ');
        }
        shown.column = 0;
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
