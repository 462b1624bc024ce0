import type { SocketChannel } from '../../realtime/sockets/index.ts';
import { RECOGNITIONS_PATH } from './manage-recognitions.ts';
import {
  MAX_SOUND_BYTES,
  RECOGNITION_CLOSE_CODES,
  RECOGNITION_SUBPROTOCOL,
  recognitionClientFrames,
  recognitionServerFrames,
} from './recognition-frames.schemas.ts';

const DESCRIPTION = `Speech that is written down while it is spoken. The subprotocol is \`${RECOGNITION_SUBPROTOCOL}\`. Binary
messages are sound of up to two seconds and ${MAX_SOUND_BYTES} bytes, in the encoding that the recognition was created with; text
messages are frames in JSON. Sound may come a little faster than it is spoken: 30 seconds ahead at most (4429).

**Hello.** The first message is \`hello\`, within ten seconds. \`ready\` says from which moment sound has to be sent: for a new
recognition that is 0. Times are milliseconds from the beginning of the sound.

**Results** have a \`seq\` and come once, in order: sentences (\`final\`), and \`gap\` where sound could not be recognized. While a sentence is
spoken \`partial\` shows what is known of it.

**Continuing.** When the connection is lost, create another ticket within a minute, send \`hello\` with the \`seq\` of the last result as
\`after\`, and send the sound again from \`fromMs\` on. A newer socket replaces the one before (4409).

**Its end.** \`close\` is answered by the remaining results and \`ended\`. It also ends without a client for a minute, and after four hours.`;

/** The socket of a recognition, for the AsyncAPI document. */
export const recognitionChannel: SocketChannel = {
  name: 'recognition',
  title: 'The socket of a recognition',
  description: DESCRIPTION,
  address: `${RECOGNITIONS_PATH}/{recognitionId}/socket`,
  parameters: { recognitionId: 'Id of the recognition.' },
  query: { ticket: 'The ticket, for clients that cannot offer it as the subprotocol `ticket.<ticket>`.' },
  clientFrames: recognitionClientFrames.map((schema) => ({ schema })),
  serverFrames: recognitionServerFrames.map((schema) => ({ schema })),
  closeCodes: Object.values(RECOGNITION_CLOSE_CODES),
};
