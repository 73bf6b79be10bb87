import { connect, createServer } from 'node:net';

/**
 * Stands between the services and Postgres and can cut a connection at its worst moment: after COMMIT went to the server and before its
 * answer came back (the work is done and nobody knows), or just before COMMIT went on (nothing is done and nobody knows).
 */
export const startCommitProxy = async (toPort) => {
  const armed = { after: 0, before: 0 };
  const cuts = { after: 0, before: 0 };
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(toPort, '127.0.0.1');
    let [lost, began] = [false, false];
    const end = () => {
      client.destroy();
      upstream.destroy();
      sockets.delete(client);
    };
    sockets.add(client);
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end).setNoDelay(true);
    upstream.on('data', (part) => lost || client.write(part));
    client.on('data', (part) => {
      // A client waits for the answer to BEGIN … before it sends COMMIT, so COMMIT begins a packet of its own.
      const commits = began && isCommit(part);
      began = true;
      if (commits && armed.before > 0) {
        armed.before -= 1;
        cuts.before += 1;
        return end();
      }
      upstream.write(part);
      if (commits && armed.after > 0) {
        armed.after -= 1;
        cuts.after += 1;
        lost = true;
        // The server has the whole message; its answer has nowhere to go.
        setTimeout(() => client.destroy(), 20);
        setTimeout(end, 400);
      }
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: server.address().port, armed, cuts,
    disarm: () => Object.assign(armed, { after: 0, before: 0 }),
    close: () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
};

/** The simple query COMMIT: 'Q', the length, the text, a zero. */
const isCommit = (part) => part.length >= 12 && part[0] === 0x51 && part.toString('latin1', 5, 11) === 'COMMIT';
