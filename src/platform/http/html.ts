import { html as escapeHtml, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup that is safe to send: every value in it was escaped. */
export type Html = HtmlEscapedString;

export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

/**
 * A template that escapes every value unless it is markup made by `html`. Lists are joined; absent values are empty. It
 * is Hono's, without promises as values.
 */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  const markup = escapeHtml(strings, ...parts);
  if (markup instanceof Promise) throw new TypeError('markup cannot hold promises');
  return markup;
}

/** Text of our own that is markup already. */
export const trustedHtml = (markup: string): Html => raw(markup);
