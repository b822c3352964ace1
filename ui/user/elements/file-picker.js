import { make, tell } from '../../shared/page/dom.js';
import { send as words } from '../words.js';

/**
 * What `files` tells: the files, and how many folders came with them and were left out.
 * @typedef {{files: File[], folders: number}} Picked
 */

/**
 * `<file-picker>`: the way in for files. The drop area is the label of the page's one file field; the whole window
 * takes a drop, and a paste.
 *
 * Attributes: `compact` (a line instead of an area), `off` (takes nothing, while something is being sent).
 * Events: `files` with a `Picked`.
 */
export class FilePicker extends HTMLElement {
  static observedAttributes = ['compact'];

  #input = make('input', { type: 'file', multiple: true, class: 'veiled' });
  #call = make('span', { class: 'button primary' }, words.choose);
  #hint = make('span', { class: 'soft' }, words.orDrop);
  #gone = new AbortController();

  connectedCallback() {
    this.replaceChildren(make('label', {}, this.#input, this.#call, this.#hint));
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#input.addEventListener('change', () => this.#chosen(), { signal });
    window.addEventListener('dragover', (event) => this.#over(event), { signal });
    window.addEventListener('dragleave', (event) => this.#leave(event), { signal });
    window.addEventListener('drop', (event) => this.#drop(event), { signal });
    window.addEventListener('paste', (event) => this.#take(event.clipboardData, event), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  attributeChangedCallback() {
    const compact = this.hasAttribute('compact');
    this.#call.textContent = compact ? words.addMore : words.choose;
    this.#call.classList.toggle('primary', !compact);
    this.#hint.hidden = compact;
  }

  #chosen() {
    const files = [...(this.#input.files ?? [])];
    // The same file can be chosen again after it was removed.
    this.#input.value = '';
    this.#tell(files, 0);
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    // Taken or not, a dropped file must never replace the page.
    event.preventDefault();
    const off = this.hasAttribute('off');
    event.dataTransfer.dropEffect = off ? 'none' : 'copy';
    this.toggleAttribute('dragging', !off);
  }

  /** @param {DragEvent} event */
  #leave(event) {
    if (event.relatedTarget === null) this.removeAttribute('dragging');
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.removeAttribute('dragging');
    this.#take(event.dataTransfer, event);
  }

  /**
   * @param {DataTransfer | null} transfer
   * @param {Event} event
   */
  #take(transfer, event) {
    if (!transfer?.types.includes('Files')) return;
    event.preventDefault();
    if (this.hasAttribute('off')) return;
    const items = [...transfer.items].filter((item) => item.kind === 'file');
    const isFolder = (/** @type {DataTransferItem} */ item) => item.webkitGetAsEntry()?.isDirectory === true;
    const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile());
    this.#tell(files.filter((file) => file !== null), items.length - files.length);
  }

  /**
   * @param {File[]} files
   * @param {number} folders
   */
  #tell(files, folders) {
    if (files.length + folders > 0) tell(this, 'files', /** @type {Picked} */ ({ files, folders }));
  }
}

customElements.define('file-picker', FilePicker);
