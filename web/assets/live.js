// Keeps the parts of the first page that move as the server sees them. Without this script a reload does the same.

const parts = new Map([...document.querySelectorAll('[data-live]')].map((element) => [element.dataset.live, element]));
const control = document.querySelector('[data-live-control]');
const last = new Map();
let source = null;
let paused = false;

function show(name, html) {
  const element = parts.get(name);
  if (!element || last.get(name) === html) return;
  last.set(name, html);
  const template = document.createElement('template');
  template.innerHTML = html;
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  becomes(element, template.content);
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

/** Changes the children of `here` into those of `wanted`; elements of the same id stay the same elements. */
function becomes(here, wanted) {
  const known = new Map([...here.children].filter((child) => child.id).map((child) => [child.id, child]));
  let next = here.firstChild;
  for (const want of [...wanted.childNodes]) {
    const same = want.id ? known.get(want.id) : next && !next.id && next.nodeName === want.nodeName ? next : null;
    if (!same) {
      here.insertBefore(want, next);
      continue;
    }
    if (same === next) next = next.nextSibling;
    else here.insertBefore(same, next);
    alike(same, want);
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

function alike(same, want) {
  if (same.nodeType !== Node.ELEMENT_NODE) {
    if (same.nodeValue !== want.nodeValue) same.nodeValue = want.nodeValue;
    return;
  }
  for (const { name } of [...same.attributes]) if (!want.hasAttribute(name)) same.removeAttribute(name);
  for (const { name, value } of want.attributes) if (same.getAttribute(name) !== value) same.setAttribute(name, value);
  becomes(same, want);
}

function listen() {
  if (source || paused || document.hidden) return;
  source = new EventSource('/events');
  source.addEventListener('open', label);
  source.addEventListener('error', label);
  source.addEventListener('rows', ({ data }) => {
    for (const [name, html] of Object.entries(JSON.parse(data))) show(name, html);
  });
}

function stop() {
  source?.close();
  source = null;
}

function label() {
  const lost = source !== null && source.readyState !== EventSource.OPEN;
  control.textContent = paused ? control.dataset.resume : lost ? control.dataset.lost : control.dataset.pause;
}

control.hidden = false;
control.addEventListener('click', () => {
  paused = !paused;
  if (paused) stop();
  else listen();
  label();
});
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : listen()));
listen();
