/** The product's version, as `/health` and traces show it; a test holds it equal to `package.json`. */
export const VERSION = '0.1.0';

/** The version of the API: of its operations and of its sockets. */
export const API_VERSION = '1.0.0';
