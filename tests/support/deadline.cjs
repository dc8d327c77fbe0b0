// A test that hangs, even in a call that blocks everything, must not take the reports of all others with it: a thread ends its process
// and says what was running.
const { execFileSync } = require('node:child_process');
const { appendFileSync, writeSync } = require('node:fs');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');

/** Ends this process after `minutes`. Returns what is told, each time, what begins. */
function deadline(minutes) {
  const worker = new Worker(__filename, { workerData: minutes });
  worker.unref();
  return (title) => worker.postMessage(title);
}

function keepTime(minutes) {
  let running = 'what comes before the first test';
  parentPort.on('message', (title) => (running = title));
  setTimeout(() => {
    const ours = family();
    const processes = ours.map((words) => words.join(' ').slice(0, 160)).join('\n');
    const containers = look('docker', 'ps', '--all');
    const ended = `\n  stopped after ${minutes} min, in: ${running}\n${processes}\n${containers}\n`;
    writeSync(2, ended);
    if (process.env.FAILURES_FILE) appendFileSync(process.env.FAILURES_FILE, ended);
    // Children first: they hold what it writes to.
    for (const [pid] of ours.reverse()) end(Number(pid));
  }, minutes * 60_000);
}

/** This process and all that it began, parents first: id, parent, seconds, command. */
function family() {
  const table = look('ps', '-eo', 'pid,ppid,etimes,args').split('\n').slice(1);
  const processes = table.map((line) => line.trim().split(/\s+/));
  const ours = new Set([String(process.pid)]);
  // As often as generations: a child's number may be lower than its parent's.
  for (let size = 0; size !== ours.size;) {
    size = ours.size;
    for (const [pid, parent] of processes) if (ours.has(parent)) ours.add(pid);
  }
  return [...ours].map((id) => processes.find(([pid]) => pid === id)).filter(Boolean);
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function look(command, ...args) {
  try {
    return execFileSync(command, args, { timeout: 10_000, encoding: 'utf8' });
  } catch (error) {
    return `${command}: ${error.message}`;
  }
}

if (isMainThread) module.exports = { deadline };
else keepTime(workerData);
