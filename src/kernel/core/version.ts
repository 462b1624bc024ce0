/** Of the product, as `/health`, the API document and traces show it; the same as in `package.json`, tested. */
export const VERSION = '0.1.0';
