// The endings of sending. Whatever happens, the chosen files stay chosen, and the sentence says so.

/** @type {import('./endings.js').Endings} */
export const SENDING = {
  invalid_manifest: { title: 'These names cannot be sent.', text: 'A name is too long, or holds characters that other computers cannot store. Rename the file, then try again.' },
  content_changed: { title: 'A file changed while it was being sent.', text: 'It was edited, moved or deleted. Nothing can be downloaded. Choose it again, then send.' },
  not_found: { title: 'The server no longer has this transfer.', text: 'Your files are still chosen. Send them again.' },
  expired: { title: 'The time was over before everything was sent.', text: 'Your files are still chosen. Keep them for longer, then send again.' },
  network: { title: 'The server cannot be reached.', text: 'Your files are still chosen. Check your connection, then try again.' },
  too_large: { title: 'This is more than one transfer can hold here.', text: 'Your files are still chosen. Remove some, or send them in several transfers.' },
  storage_full: { title: 'The server has no room left.', text: 'Your files are still chosen. Tell whoever runs this place.' },
  unauthorized: { title: 'An access token is needed.', text: 'This access token is not valid here, or used up. Ask whoever runs this place.' },
  conflict: { title: 'The server already has something else here.', text: 'Your files are still chosen. Send them again.' },
  corrupted: { title: 'What was sent did not arrive whole.', text: 'Your files are still chosen. Send them again.' },
  server: { title: 'The server failed.', text: 'Your files are still chosen. Try again in a while; if it stays, tell whoever runs this place.' },
  unknown: { title: 'Something went wrong on this page.', text: 'Your files are still chosen. Try again, or reload the page.' },
  bad_passphrase: { title: 'That passphrase cannot be used.', text: 'A passphrase has at least one character and at most 1,024 bytes.' },
};
