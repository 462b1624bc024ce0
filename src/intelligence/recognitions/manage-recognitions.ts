import { z } from '@hono/zod-openapi';
import { holdFeature } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, idSchema, requirePermission } from '../../kernel/core/index.ts';
import { selectNothing } from '../../kernel/db/index.ts';
import { requireHandshake, type SocketHandshake } from '../../realtime/sockets/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { RECOGNITION_SUBPROTOCOL } from './recognition-frames.schemas.ts';
import { recognitionErrors } from './recognitions.errors.ts';
import type { RecognitionRef } from './recognitions.ports.ts';
import type { CreateRecognition, RecognitionTicket } from './recognitions.schemas.ts';

const TICKET_TYPE = 'recognition-ticket+jwt';
/** Long enough to open the socket. */
const TICKET_SECONDS = 60;

export const RECOGNITIONS_PATH = '/api/v1/ai/recognitions';

const claimsSchema = z.object({ sub: idSchema('recognition'), org: idSchema('organization') });

async function createTicket(
  { signer, config, clock }: Ctx,
  { organizationId, recognitionId }: RecognitionRef,
): Promise<RecognitionTicket> {
  const claims = { sub: recognitionId, org: organizationId };
  const ticket = await signer.sign(claims, { type: TICKET_TYPE, lifeSeconds: TICKET_SECONDS });
  const url = new URL(`${RECOGNITIONS_PATH}/${recognitionId}/socket`, config.PUBLIC_URL);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    id: recognitionId,
    ticket,
    url: url.href,
    protocols: [RECOGNITION_SUBPROTOCOL, `ticket.${ticket}`],
    expiresAt: new Date(clock.now() + TICKET_SECONDS * 1_000).toISOString(),
  };
}

/**
 * Starts a recognition; its sound comes through the socket.
 * @throws AppError `speech.degraded`, `billing.feature_not_included`, or `auth.forbidden` without `ai:write`
 */
export async function createRecognition(ctx: Ctx, input: CreateRecognition): Promise<RecognitionTicket> {
  requirePermission(ctx.actor, 'ai:write');
  const { organizationId, ports, actor } = ctx;
  const createdAtMs = ctx.clock.now();
  await ctx.read((q) => [holdFeature(q, { organizationId, now: new Date(createdAtMs), feature: 'speech' })]);
  if (!ports.speech?.(organizationId).speechToText.open)
    throw speechErrors.degraded({ detail: 'no speech service is configured' });
  const recognitionId = ctx.ids.create('recognition');
  await ports.recognitions.begin({ recognitionId, organizationId, asker: actor, createdAtMs, ...input });
  return createTicket(ctx, { organizationId, recognitionId });
}

/**
 * Another ticket for a running recognition whose connection was lost.
 * @throws AppError `recognitions.not_found`, `auth.forbidden`
 */
export async function createRecognitionTicket(ctx: Ctx, recognitionId: string): Promise<RecognitionTicket> {
  requirePermission(ctx.actor, 'ai:write');
  const ref = { organizationId: ctx.organizationId, recognitionId };
  await ctx.read((q) => [selectNothing(q)]);
  if (!(await ctx.ports.recognitions.renew(ref, ctx.actor))) throw recognitionErrors.notFound();
  return createTicket(ctx, ref);
}

/** Ends a recognition: sound without a result gets none. @throws AppError `recognitions.not_found`, `auth.forbidden` */
export async function endRecognition(ctx: Ctx, recognitionId: string): Promise<void> {
  requirePermission(ctx.actor, 'ai:write');
  const ref = { organizationId: ctx.organizationId, recognitionId };
  await ctx.read((q) => [selectNothing(q)]);
  if (!(await ctx.ports.recognitions.end(ref, ctx.actor))) throw recognitionErrors.notFound();
}

/**
 * Opens the socket that a ticket is for.
 * @returns the answer to the upgrade
 * @throws AppError `realtime.*`, `auth.*`, `recognitions.not_found` or `server.unavailable`
 */
export async function openRecognitionSocket(
  ctx: Ctx,
  recognitionId: string,
  handshake: SocketHandshake,
): Promise<Response> {
  const ticket = requireHandshake(ctx, handshake, RECOGNITION_SUBPROTOCOL);
  const parsed = claimsSchema.safeParse(await ctx.signer.verify(ticket, TICKET_TYPE));
  if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
  const { sub, org } = parsed.data;
  if (sub !== recognitionId)
    throw authErrors.invalidToken({ detail: 'the ticket is for another recognition' });
  return ctx.ports.recognitions.connect(handshake.request, { organizationId: org, recognitionId });
}
