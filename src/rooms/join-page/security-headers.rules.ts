/**
 * The page may run its own script, connect to this API and the media clusters, and play media. It allows nothing inline,
 * nothing from other origins, no text as markup, and no framing.
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

/** Of all browser features, those that a call needs. */
const PERMISSIONS_POLICY =
  'camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), geolocation=(), ' +
  'payment=(), usb=(), interest-cohort=()';

/** The page's headers in addition to those of every response. */
export const buildSecurityHeaders = (
  publicUrl: string,
  mediaUrls: readonly string[],
): Record<string, string> => ({
  'Content-Security-Policy': buildContentSecurityPolicy(publicUrl, mediaUrls),
  'Permissions-Policy': PERMISSIONS_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
});
