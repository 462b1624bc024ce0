/** What a page may do beyond running its own script and asking this API. */
export interface PageNeeds {
  /** Addresses that it connects to, `wss://…`. */
  connect?: readonly string[];
  /** Sources of sound and video, as in a content security policy. */
  media?: readonly string[];
  /** Features of the browser, as in a permissions policy. */
  features?: readonly string[];
}

/** Where a page may connect, for an address of the API or of a media cluster. */
function originsOf(url: string): string[] {
  const { host, protocol } = new URL(url);
  const safe = protocol === 'https:' || protocol === 'wss:';
  return safe ? [`wss://${host}`, `https://${host}`] : [`ws://${host}`, `http://${host}`];
}

/**
 * The page may run its own script, connect to this API and to what it needs, and play media. It allows nothing inline,
 * no script or style from other origins, no text as markup, and no framing.
 */
export function buildContentSecurityPolicy(
  publicUrl: string,
  { connect = [], media = [] }: PageNeeds,
): string {
  const origins = [publicUrl, ...connect].flatMap(originsOf);
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    ...(media.length > 0 && { 'media-src': media }),
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

const FEATURES = [
  'camera',
  'microphone',
  'display-capture',
  'autoplay',
  'fullscreen',
  'geolocation',
  'payment',
  'usb',
];

/** The features of the browser that the page needs. */
const buildPermissionsPolicy = ({ features = [] }: PageNeeds): string =>
  [
    ...FEATURES.map((name) => `${name}=${features.includes(name) ? '(self)' : '()'}`),
    'interest-cohort=()',
  ].join(', ');

/** A page's headers in addition to those of every response. */
export const buildPageHeaders = (publicUrl: string, needs: PageNeeds): Record<string, string> => ({
  'Content-Security-Policy': buildContentSecurityPolicy(publicUrl, needs),
  'Permissions-Policy': buildPermissionsPolicy(needs),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
});
