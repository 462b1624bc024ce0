import { createServer } from 'node:http';
import { AccessToken } from 'livekit-server-sdk';
import { listen } from '../../../workers/local/listen.ts';
import { endAllParticipants, Participant } from '../../e2e/support/participant.ts';
import type { TestedMediaServer } from './contract/tested-media-server.ts';
import { startMediaServer } from './server.ts';
import type { ClusterEvent } from './shapes.ts';
import { LiveKitStandIn } from './stand-in.ts';

export type ClosableMediaServer = TestedMediaServer & { close(): Promise<void> };

export async function startStandIn(): Promise<ClosableMediaServer> {
  const standIn = new LiveKitStandIn();
  const { cluster, apiKey, apiSecret } = standIn;
  const server = await standIn.listen();
  return {
    url: server.url,
    apiKey,
    apiSecret,
    join: async (room, identity, name) => ({ sid: cluster.join(room, identity, { name }) }),
    publish: async (room, identity, source) =>
      cluster.publish(room, identity, { source, name: source === 'CAMERA' ? 'pattern' : 'tone' }),
    leave: async (room, identity) => cluster.leave(room, identity),
    events: (room) => cluster.events.filter((event) => event.room.name === room),
    receivedTexts: async (room, identity) =>
      cluster.sent.filter((sent) => sent.room === room && sent.to.includes(identity)).map(({ text }) => text),
    close: () => server.close(),
  };
}

/** Receives webhooks and keeps their bodies. */
export async function collectWebhooks() {
  const events: ClusterEvent[] = [];
  const server = await listen(
    createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        events.push(JSON.parse(body) as ClusterEvent);
        response.end();
      });
    }),
    0,
  );
  return { events, ...server };
}

/** A token for joining the room, created without the product. */
export async function createJoinToken(
  keys: { apiKey: string; apiSecret: string },
  room: string,
  identity: string,
  name = '',
): Promise<string> {
  const token = new AccessToken(keys.apiKey, keys.apiSecret, { identity, name });
  token.addGrant({ roomJoin: true, room });
  return token.toJwt();
}

/** @throws when there is no program of the media server */
export async function startRealServer(): Promise<ClosableMediaServer> {
  const webhooks = await collectWebhooks();
  const media = await startMediaServer({ webhookUrl: webhooks.url });
  const people = new Map<string, Participant>();
  const requireParticipant = (room: string, identity: string): Participant => {
    const participant = people.get(`${room} ${identity}`);
    if (!participant) throw new Error(`${identity} is not in ${room}`);
    return participant;
  };
  return {
    url: media.url,
    apiKey: media.apiKey,
    apiSecret: media.apiSecret,
    async join(room, identity, name) {
      const participant = await Participant.join(
        media.wsUrl,
        await createJoinToken(media, room, identity, name),
      );
      people.set(`${room} ${identity}`, participant);
      return participant;
    },
    publish: (room, identity, source) =>
      requireParticipant(room, identity).publish(source === 'CAMERA' ? 'video' : 'audio'),
    leave: async (room, identity) => void (await requireParticipant(room, identity).leave()),
    events: (room) => webhooks.events.filter((event) => event.room.name === room),
    receivedTexts: async (room, identity) =>
      (await requireParticipant(room, identity).getReceivedMedia()).data.map(({ text }) => text),
    async close() {
      endAllParticipants();
      await media.close();
      await webhooks.close();
    },
  };
}
