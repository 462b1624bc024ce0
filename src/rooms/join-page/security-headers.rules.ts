/**
 * What the page may do: run its own script, talk to this API and to the media clusters, show what cameras give. Nothing
 * inline, nothing from elsewhere, no text ever becomes markup, and nobody frames it.
 * @param mediaUrls where clients connect for media, `wss://…`
 */
export function buildContentSecurityPolicy(publicUrl: string, mediaUrls: readonly string[]): string {
  const origins = [publicUrl, ...mediaUrls].flatMap((url) => {
    const { host, protocol } = new URL(url);
    const safe = protocol === 'https:' || protocol === 'wss:';
    return safe ? [`wss://${host}`, `https://${host}`] : [`ws://${host}`, `http://${host}`];
  });
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    'media-src': ['blob:', 'mediastream:'],
    'connect-src': ["'self'", ...new Set(origins)],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  };
  return Object.entries(rules)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}

/** Of everything that a page may ask for, what a call needs. */
const PERMISSIONS_POLICY =
  'camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), geolocation=(), ' +
  'payment=(), usb=(), interest-cohort=()';

/** The headers of the page, beside those of every answer. */
export const buildSecurityHeaders = (
  publicUrl: string,
  mediaUrls: readonly string[],
): Record<string, string> => ({
  'Content-Security-Policy': buildContentSecurityPolicy(publicUrl, mediaUrls),
  'Permissions-Policy': PERMISSIONS_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
});
