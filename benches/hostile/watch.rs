//! A probe in a process of its own: what came of each input, or how the process ended.

use crate::cases::{Case, Probe};
use crate::{MEMORY, TIME};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What came of the inputs of a probe.
#[derive(Debug, Default)]
pub struct Outcome {
    pub inputs: usize,
    pub values: usize,
    pub errors: usize,
    pub panics: usize,
    /// A stack that overflowed.
    pub overflows: usize,
    /// Processes that ended since memory did.
    pub exhausted: usize,
    /// The most bytes that were asked for and could not be had.
    pub asked: u64,
    /// Other signals.
    pub killed: usize,
    /// Processes that did not end in time.
    pub endless: usize,
    /// The most bytes that a load had at one time.
    pub peak: u64,
    /// ... and how many bytes it was loaded from.
    pub from: usize,
    /// Not all inputs were tried: enough processes had ended.
    pub stopped: bool,
}

/// A process that waits, where its limit is of the processor's time, is stuck.
const WAIT: Duration = Duration::from_secs(20 * TIME);

/// The signal to one that has had its time.
const OUT_OF_TIME: i32 = 24;

/// After so many processes that ended it is clear what to expect.
const ENOUGH: usize = 40;

/// Runs a probe over all its inputs, in as many processes as it takes.
pub fn watch(peer: &str, probe: &Probe) -> Outcome {
    let inputs = on_a_large_stack(probe.inputs);
    let mut outcome = Outcome { inputs: inputs.len(), ..Outcome::default() };
    let mut next = 0;
    while next < inputs.len() {
        let ended = run(peer, probe.case, &inputs[next..]);
        for line in ended.lines.lines() {
            outcome.count(line, inputs[next].len());
            next += 1;
        }
        if next < inputs.len() {
            outcome.end(&ended);
            next += 1;
        }
        if outcome.ends() >= ENOUGH && next < inputs.len() {
            outcome.stopped = true;
            break;
        }
    }
    outcome
}

/// Peers dump by recursion, whatever they load by: room for a million levels.
fn on_a_large_stack(inputs: fn() -> Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    const STACK: usize = 8 << 30;
    let thread = thread::Builder::new().stack_size(STACK).spawn(inputs).expect("a thread");
    thread.join().expect("the inputs of a probe")
}

/// A process that ended.
struct Ended {
    lines: String,
    errors: String,
    /// `None` where it took too long.
    status: Option<ExitStatus>,
}

fn run(peer: &str, case: Case, inputs: &[Vec<u8>]) -> Ended {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .args(["--probe", peer, &format!("{case:?}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program once more");
    let mut stdin = child.stdin.take().expect("a pipe");
    let (mut stdout, mut stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            for input in inputs {
                let length = (input.len() as u64).to_le_bytes();
                // A process that has ended takes no more.
                if stdin.write_all(&length).and_then(|()| stdin.write_all(input)).is_err() {
                    return;
                }
            }
        });
        let lines = scope.spawn(move || text(stdout.as_mut()));
        let errors = scope.spawn(move || text(stderr.as_mut()));
        let status = in_time(&mut child);
        Ended {
            lines: lines.join().expect("what it said"),
            errors: errors.join().expect("what it said of errors"),
            status,
        }
    })
}

fn text(from: Option<&mut impl Read>) -> String {
    let mut text = vec![];
    if let Some(from) = from {
        from.read_to_end(&mut text).expect("a pipe");
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn in_time(child: &mut Child) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status);
        }
        if begun.elapsed() > WAIT {
            child.kill().expect("a child that runs");
            child.wait().expect("a child");
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

impl Outcome {
    /// Counts what a load came to: a letter, and its peak of memory.
    fn count(&mut self, line: &str, length: usize) {
        let (letter, peak) = line.split_once(' ').expect("two words");
        match letter {
            "V" => self.values += 1,
            "E" => self.errors += 1,
            "P" => self.panics += 1,
            other => panic!("{other}: no such outcome"),
        }
        let peak = peak.parse().expect("a number");
        if peak > MEMORY {
            self.asked = self.asked.max(peak);
        } else if peak > self.peak {
            (self.peak, self.from) = (peak, length);
        }
    }

    /// Counts what ended a process.
    fn end(&mut self, ended: &Ended) {
        let in_time = |status: &ExitStatus| status.signal() != Some(OUT_OF_TIME);
        let Some(status) = ended.status.filter(in_time) else {
            self.endless += 1;
            return;
        };
        let asked = ended.errors.lines().find_map(|line| {
            line.strip_prefix("memory allocation of ")?.split_once(' ')?.0.parse::<u64>().ok()
        });
        if ended.errors.contains("has overflowed its stack") {
            self.overflows += 1;
        } else if let Some(asked) = asked {
            self.exhausted += 1;
            self.asked = self.asked.max(asked);
        } else if status.signal().is_some() {
            self.killed += 1;
        } else {
            panic!("a probe failed: {status}, {}", ended.errors);
        }
    }

    fn ends(&self) -> usize {
        self.overflows + self.exhausted + self.killed + self.endless
    }
}

/// The process itself: loads what comes in, and says what came of it.
pub fn probe(probe: &Probe) {
    limit();
    std::panic::set_hook(Box::new(|_| {}));
    let mut stdin = vec![];
    std::io::stdin().read_to_end(&mut stdin).expect("a pipe");
    const USUAL_STACK: usize = 2 << 20;
    let load = probe.load;
    let loads = move || {
        let mut left = stdin.as_slice();
        while let Some((length, rest)) = left.split_first_chunk::<8>() {
            let (input, rest) = rest.split_at(u64::from_le_bytes(*length) as usize);
            left = rest;
            let mut letter = 'P';
            let used = allocation_counter::measure(|| {
                let load = std::panic::AssertUnwindSafe(|| load(input));
                if let Ok(result) = std::panic::catch_unwind(load) {
                    letter = if result.is_ok() { 'V' } else { 'E' };
                }
            });
            println!("{letter} {}", used.bytes_max);
        }
    };
    let thread = thread::Builder::new().stack_size(USUAL_STACK).spawn(loads).expect("a thread");
    thread.join().expect("every panic is caught");
}

fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let to = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, to(MEMORY)).expect("a limit that is lower");
    let to_be_told = Rlimit { current: Some(TIME), maximum: Some(2 * TIME) };
    setrlimit(Resource::Cpu, to_be_told).expect("a limit that is lower");
    // No files for processes that are meant to abort.
    setrlimit(Resource::Core, to(0)).expect("a limit that is lower");
}
