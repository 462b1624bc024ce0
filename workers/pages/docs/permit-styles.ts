/**
 * Gives each style element that a script creates the nonce of the page, because its security policy permits no other. The
 * parts that the reference is made of (editor, toasts, colours) insert styles and know no nonce.
 */
export function permitStyles(page: Document): void {
  const nonce = page.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? '';
  const create = page.createElement.bind(page);
  page.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
