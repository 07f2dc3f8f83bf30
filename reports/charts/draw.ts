import type { Frame, Paint, Picture } from './picture.ts';

/** Draws pictures as SVG texts. */
export interface Painter {
  /**
   * One `<svg>` of `frame.width` and the picture's height, in the colours of `paint`: without style, script, class, link
   * or identifier that a page could stumble over, and the same text for the same picture.
   */
  readonly draw: (picture: Picture, frame: Frame, paint: Paint) => string;
}

/** Loads ECharts, a quarter of a second and 30 MB the first time, so that only what draws pays for it. */
export async function loadPainter(): Promise<Painter> {
  const { init } = await import('echarts/dist/echarts.esm.min');
  return {
    draw: (picture, frame, paint) => {
      const chart = init(null, null, {
        renderer: 'svg',
        ssr: true,
        width: frame.width,
        height: picture.heightOf(frame),
      });
      try {
        chart.setOption({ textStyle: { color: paint.ink }, ...picture.optionOf(frame, paint) });
        return plain(chart.renderToSVGString({ useViewBox: true }), `${picture.name}-${frame.width}`);
      } finally {
        chart.dispose();
      }
    },
  };
}

/** Styles become attributes, which the policy of our pages lets through; what is not seen and what only moves goes. */
function plain(svg: string, prefix: string): string {
  return svg
    .replace(/<style[^]*?<\/style>\n?/, '')
    .replace(/ (?:class|pointer-events|xmlns:xlink|version|baseProfile|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => attributesOf(style))
    .replace(/zr\d+-/g, `${prefix}-`)
    .replace(/<(rect|path)(?: (?:width|height|x|y|d|transform)="[^"]*")* fill="none"><\/\1>\n?/g, '')
    .replace(/<clipPath[^]*?<\/clipPath>/g, (clip) => clip.replaceAll(' fill="#000"', ''));
}

/** The font of the place it is shown in holds. */
function attributesOf(style: string): string {
  return style
    .split(';')
    .map((rule) => rule.split(':'))
    .filter(([key = '', value]) => value !== undefined && key !== 'font-family' && key !== '')
    .map(([key = '', value = '']) => ` ${key}="${value}"`)
    .join('');
}
