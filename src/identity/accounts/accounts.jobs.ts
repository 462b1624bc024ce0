import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { renderMail } from '../../platform/mail/index.ts';
import { defineJob, type Delivery, type Job } from '../../platform/outbox/index.ts';
import { findUser } from './accounts.queries.ts';
import { resetEffectSchema, userEffectSchema } from './accounts.schemas.ts';
import { passwordChangedMail, resetMail, verificationMail } from './mails.rules.ts';
import { makeResetToken } from './reset-password.ts';
import { makeVerificationToken } from './verify-email.ts';

async function sendVerification(ctx: Ctx, { userId }: { userId: string }, { id }: Delivery): Promise<void> {
  const [[user]] = await ctx.read((q) => [findUser(q, userId)], systemScope);
  if (!user || user.emailVerified) return;
  const content = verificationMail(ctx.config.APP_URL, user.name, await makeVerificationToken(ctx, user));
  await ctx.ports.mailer.send({ to: user.email, ...renderMail(content), idempotencyKey: id }, ctx.trace);
}

/** A second attempt makes a second token; whichever of them reaches the person is good, until the password changes. */
async function sendReset(
  ctx: Ctx,
  { sealedEmail }: { sealedEmail: string },
  { id }: Delivery,
): Promise<void> {
  const made = await makeResetToken(ctx, sealedEmail);
  if (!made) return;
  const { user, token } = made;
  const content = resetMail(ctx.config.APP_URL, user.name, token);
  await ctx.ports.mailer.send({ to: user.email, ...renderMail(content), idempotencyKey: id }, ctx.trace);
}

async function sendPasswordChanged(
  ctx: Ctx,
  { userId }: { userId: string },
  { id }: Delivery,
): Promise<void> {
  const [[user]] = await ctx.read((q) => [findUser(q, userId)], systemScope);
  if (!user) return;
  const content = passwordChangedMail(user.name);
  await ctx.ports.mailer.send({ to: user.email, ...renderMail(content), idempotencyKey: id }, ctx.trace);
}

export const accountJobs: readonly Job[] = [
  defineJob({ type: 'user.signed_up', payload: userEffectSchema, handle: sendVerification }),
  defineJob({ type: 'user.verification_requested', payload: userEffectSchema, handle: sendVerification }),
  defineJob({ type: 'user.password_reset_requested', payload: resetEffectSchema, handle: sendReset }),
  defineJob({ type: 'user.password_changed', payload: userEffectSchema, handle: sendPasswordChanged }),
  defineJob({ type: 'user.updated', payload: userEffectSchema }),
  defineJob({ type: 'user.email_verified', payload: userEffectSchema }),
];
