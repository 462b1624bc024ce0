import { z } from '@hono/zod-openapi';

export const ingressAddressSchema = z
  .object({
    url: z.string().describe('Address that media are sent to.'),
    streamKey: z
      .string()
      .describe(
        'Key of the stream. For RTMP it is the last part of the address, for WHIP the bearer token. Anyone who has it can send into the room.',
      ),
  })
  .openapi('IngressAddress');

export const ingressAddressExample = { url: 'rtmp://ingress.example/live', streamKey: 'abcd1234efgh5678' };
