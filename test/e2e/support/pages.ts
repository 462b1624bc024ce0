/** What a field of a form holds before somebody types. */
function fieldsOf(form: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, attributes = ''] of form.matchAll(/<input\b([^>]*)>/g)) {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1];
    if (name !== undefined) fields.set(name, /\bvalue="([^"]*)"/.exec(attributes)?.[1] ?? '');
  }
  return fields;
}

interface Button {
  name: string;
  value: string;
}

const hasButton = (form: string, button: Button | undefined) =>
  button === undefined || form.includes(`<button name="${button.name}" value="${button.value}">`);

/**
 * Opens a page, fills in its form and sends it, as a person does in a browser: only what the form has can be filled in or pressed.
 * @param button which of several is pressed
 * @throws when the page has no such form, or shows a problem
 */
export async function clickThrough(
  url: string,
  entered: Record<string, string>,
  button?: Button,
): Promise<void> {
  const page = await (await fetch(url)).text();
  const forms = [...page.matchAll(/<form method="post">(.*?)<\/form>/gs)].map(([, form = '']) => form);
  const form = forms.find(
    (each) => hasButton(each, button) && Object.keys(entered).every((name) => fieldsOf(each).has(name)),
  );
  if (form === undefined) throw new Error(`there is no such form at ${url}: ${page}`);
  const body = new URLSearchParams({
    ...Object.fromEntries(fieldsOf(form)),
    ...entered,
    ...(button ? { [button.name]: button.value } : {}),
  });
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  const problem = /role="alert">([^<]*)/.exec(await answer.text())?.[1];
  if (problem !== undefined || answer.status >= 400) throw new Error(problem ?? `${url}: ${answer.status}`);
}
