// A test that hangs, even in a call that blocks everything, must not take the reports of all others with it: a thread ends its process
// and says what was running.
const { execFileSync } = require('node:child_process');
const { writeSync } = require('node:fs');
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
    writeSync(2, `\n  stopped after ${minutes} min, in: ${running}\n${evidence()}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, minutes * 60_000);
}

/** What it waited for is a process of its own or a container. */
function evidence() {
  const table = look('ps', '-eo', 'pid,ppid,etimes,args').split('\n').slice(1);
  const processes = table.map((line) => line.trim().split(/\s+/));
  const ours = new Set([String(process.pid)]);
  for (const [pid, parent] of processes) if (ours.has(parent)) ours.add(pid);
  const lines = processes.filter(([pid]) => ours.has(pid)).map((words) => words.join(' ').slice(0, 160));
  return [...lines, look('docker', 'ps', '--all')].join('\n');
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
