// A module worker that seals and opens parts. See crypto-tasks.js for what it understands.

import { serve } from './crypto-tasks.js';

serve(/** @type {import('./crypto-tasks.js').Port} */ (/** @type {unknown} */ (self)));
