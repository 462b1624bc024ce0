// What the conformance suite starts as a client for each scenario: has the test visit the server, and waits until it has.
'use strict';
const { request } = require('node:http');

const [port, url] = process.argv.slice(2);
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_CONTEXT: context = '{}' } = process.env;

request({ port, method: 'POST' }, (response) => response.resume()).end(
  JSON.stringify({ scenario, url, context }),
);
