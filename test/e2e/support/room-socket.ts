import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SocketClient, type SocketTransport } from '../../support/socket-client.ts';
import type { JsonBody } from './host.ts';

const WAIT_MS = 20_000;

const nodeTransport = (socket: WebSocket): SocketTransport => ({
  send: (data) => socket.send(data),
  close: (code, reason) => socket.close(code, reason),
  listen(onText, onClose) {
    socket.on('message', (data: Buffer) => onText(data.toString()));
    socket.on('close', onClose);
  },
});

export type RoomSocket = SocketClient<JsonBody>;

/** Opens a room's socket with an admission, and sends hello. @throws when it is refused */
export async function openRoomSocket({ url, ticket }: { url: string; ticket: string }): Promise<RoomSocket> {
  const socket = new WebSocket(url, ['auralink.v1', `ticket.${ticket}`]);
  const client: RoomSocket = new SocketClient(nodeTransport(socket), WAIT_MS);
  await once(socket, 'open');
  client.send({ type: 'hello' });
  await client.waitForFrame('welcome');
  return client;
}
