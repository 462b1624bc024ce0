import type { Ctx } from '../../kernel/context/index.ts';
import {
  type AdmissionRequest,
  type AdmissionView,
  admitApplicant,
  type Applicant,
  openCallOf,
  type WaitingView,
} from '../admission/index.ts';
import {
  consumeLinkUse,
  type Link,
  linkErrors,
  linkUsed,
  requireUsableLink,
  type selectLinkByCode,
} from '../links/index.ts';
import { hashAddress } from './identify-visitor.ts';
import { type PasswordGuesser, requirePassword } from './require-password.ts';

interface LinkVisit {
  link: Link;
  state: AdmissionRequest['state'];
}

/** A link with what is stored about the person who follows it. */
interface LinkVisitDetails extends LinkVisit {
  accountName: string | null;
  /** Their current role in the organization of the link. */
  memberRole: string | null;
  /** The link through which they came last. */
  lastLinkId: string | null;
}

/** @throws AppError `links.not_found` */
export function toLinkVisit([found]: Awaited<ReturnType<typeof selectLinkByCode>>): LinkVisitDetails {
  if (!found) throw linkErrors.notFound();
  const { accountName, memberRole, room, call, hostCame, person, seat, linkRole, entryRole } = found;
  const { lacksRecordingConsent } = found;
  const link = { ...found.link, defaultRole: linkRole };
  const isDecidedByPerson = Boolean(found.entry?.decidedBy);
  const role = isDecidedByPerson ? found.entry!.role : entryRole;
  const entry = found.entry && { ...found.entry, isDecidedByPerson, role };
  const state = {
    room,
    call: call ?? undefined,
    hostCame,
    lacksRecordingConsent,
    person: person ?? undefined,
    seat: seat ?? undefined,
    entry: entry ?? undefined,
  };
  return { link, state, accountName, memberRole, lastLinkId: person?.linkId ?? null };
}

/** Refuses a link that cannot be used, and a wrong or missing password. @throws AppError `links.*` */
export async function requireLinkAccess(
  ctx: Ctx,
  { link, state }: LinkVisit,
  isReturning: boolean,
  password: string | undefined,
): Promise<void> {
  requireUsableLink(link, {
    openCallId: openCallOf(ctx.ports, state)?.id ?? null,
    isReturning,
    nowMs: ctx.clock.now(),
  });
  const { actor } = ctx;
  const guesser: PasswordGuesser =
    actor.kind === 'user'
      ? { kind: 'member', userId: actor.userId }
      : { kind: 'visitor', address: await hashAddress(ctx, link.id) };
  await requirePassword(ctx, link, password, guesser);
}

interface LinkAdmission {
  applicant: Applicant;
  /** Whether they came through this link before, so that it is not used again. */
  isReturning: boolean;
  scope?: AdmissionRequest['scope'];
}

/** Admits a person and counts the use of the link, in one commit. @throws AppError as `admitApplicant` */
export function admitByLink(
  ctx: Ctx,
  { link, state }: LinkVisit,
  { applicant, isReturning, scope }: LinkAdmission,
): Promise<AdmissionView | WaitingView> {
  const { id: linkId, roomId } = link;
  const { identity } = applicant;
  const now = new Date(ctx.clock.now());
  return admitApplicant(ctx, {
    state,
    applicant,
    scope,
    additional: {
      write: (q) => (isReturning ? [] : [consumeLinkUse(q, link, now)]),
      events: isReturning ? [] : [linkUsed.of({ linkId, roomId, identity })],
    },
  });
}

/** What the room stores about a person who joins through the link: the link, the first time, and the role that it gives. */
export const buildLinkAttribution = (
  { id: linkId, callId, createdBy: changedBy }: Link,
  isReturning: boolean,
  givesRole: boolean,
): Applicant['linkAttribution'] => ({
  changedBy,
  givesRole,
  isForOneCall: callId !== null,
  ...(isReturning ? {} : { linkId }),
});
