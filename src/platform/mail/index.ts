export { createHttpMailer, type HttpMailerOptions } from './http-mailer.ts';
export { MailRefused, MailUnavailable } from './mail.errors.ts';
export type { Mail, Mailer } from './mail.ports.ts';
export { toDisplayText } from './display-text.rules.ts';
export { type MailContent, renderMail } from './render-mail.ts';
export { type OutgoingMail, sendMails } from './send-mails.ts';
export { budgetOnPlan, MAIL_BUDGETS, takeMailOf, takeMailOfOrganization } from './mail-budgets.ts';
