import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Words } from '../../words/en.ts';

interface PageProps {
  readonly words: Words;
  readonly title: string;
  /** Which entry of the navigation is this page. */
  readonly here: 'today' | 'spoken' | 'find' | 'calls' | 'remedies' | 'reports' | 'mail' | null;
  readonly status?: Child;
  /** Rows are kept live by a script where there is one. */
  readonly live?: boolean;
  /** No other page is there to go to: for pages that open by a link, where nobody can sign in yet. */
  readonly alone?: boolean;
  readonly children: Child;
}

/** The frame of every page: head, skip link, header with navigation, main. */
export function Page({ words, title, here, status, live = false, alone = false, children }: PageProps) {
  const { page } = words;
  const current = (name: PageProps['here']) => (here === name ? { 'aria-current': 'page' as const } : {});
  return (
    <html lang={words.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${page.product}`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="stylesheet" href="/assets/forms.css" />
        {live ? <script type="module" src="/assets/live.js"></script> : null}
      </head>
      <body>
        <a class="skip" href="#main">
          {page.skip}
        </a>
        <header class="top">
          {alone ? (
            <span class="brand">
              <Logo />
              <span>{page.product}</span>
            </span>
          ) : (
            <>
              <a class="brand" href="/">
                <Logo />
                <span>{page.product}</span>
              </a>
              <nav aria-label={page.nav.label}>
                <a href="/" {...current('today')}>
                  {page.nav.today}
                </a>
                <a href="/promises/new" {...current('spoken')}>
                  {page.nav.spoken}
                </a>
                <a href="/find" {...current('find')}>
                  {page.nav.find}
                </a>
                <a href="/callbacks" {...current('calls')}>
                  {page.nav.calls}
                </a>
                <a href="/remedies" {...current('remedies')}>
                  {page.nav.remedies}
                </a>
                <a href="/reports" {...current('reports')}>
                  {page.nav.reports}
                </a>
                <a href="/dev/mail" {...current('mail')}>
                  {page.nav.mail}
                </a>
              </nav>
            </>
          )}
          {status ?? null}
        </header>
        <main id="main" tabindex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

const Logo = () => (
  <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" class="logo">
    <rect width="28" height="28" rx="8" />
    <path d="M7 14.5 L12 19.5 L21.5 9" />
  </svg>
);

/** A page as it goes over the wire. Everything in it was escaped by the renderer. */
export const documentOf = (page: unknown): string => `<!doctype html>${String(page)}`;

/** HTML that was rendered before. Never for text from outside. */
export const rendered = (html: string) => raw(html);
