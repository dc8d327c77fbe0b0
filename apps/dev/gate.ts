// Preloaded into every version: its code loads while its types are checked, and it listens when they are right.
import { Server } from 'node:net';

const checked = new Promise((resolve) => process.once('message', resolve));
const listen = Server.prototype.listen as (...args: unknown[]) => Server;

Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  void checked.then(() => listen.apply(this, args));
  return this;
} as typeof Server.prototype.listen;
