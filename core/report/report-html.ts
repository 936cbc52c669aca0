/** A report as one HTML file that needs nothing else: tables with n, interval and method of every number, drawings, print styles. */

import type { AgreementPoints, Coefficients } from '../../contract/agreement.ts';
import type { AgreementReport } from '../../contract/agreement-views.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import { drawHistograms, drawScatter } from './svg.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { text-align: left; padding: 3px 8px 3px 0; border-bottom: 1px solid #8884; vertical-align: top; }
td small { color: #767676; display: block; font-size: 11px; }
svg { width: 100%; max-width: 480px; font-size: 10px; fill: currentColor; }
.grid { stroke: #8883; } .dots { fill: #2f6fd0; opacity: .45; } .curve { fill: none; stroke: #d9480f; stroke-width: 2; }
.side-0 { fill: #2f6fd0; } .side-1 { fill: #d9480f; }
.key { font-size: 12px; } .key i { display: inline-block; width: 10px; height: 10px; margin: 0 4px 0 12px; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } table, svg, h2 { break-inside: avoid; } h2 { break-after: avoid; } }
`;

/** The file's text. Everything from the library is escaped; there is no script. */
export function renderReport(report: AgreementReport, points: AgreementPoints): string {
  const { agreement, mosSet } = report;
  const ceiling = describeEstimate(agreement.humanCeiling);
  const sections = [
    section('Agreement', renderCoefficients([['All images', agreement.overall], ...byGenerator(report)])),
    `<p>Human ceiling: ${ceiling}. ${agreement.missingPrediction} images of the set have no score and are left out.${agreement.higherIsBetter ? '' : ' Less is better for this score: its sign was turned.'}${agreement.mixed === null ? '' : ` ${escapeHtml(agreement.mixed)}`}</p>`,
    section(
      'Scatter',
      drawScatter({ x: points.predicted, y: points.mos, curve: points.curve }, [
        escapeHtml(report.prediction),
        `MOS, ${escapeHtml(mosSet.dimension)}`,
      ]),
    ),
    report.tiers === null ? '' : section('By generator tier (SF-IQA, Table 1)', renderTiers(report.tiers)),
    report.ablation === null ? '' : section('Branches and fusion (Table 2)', renderAblation(report.ablation)),
    section('Ranking by main score (Table 5)', renderRanking(report.ranking)),
    section('Split of the set (Figures 3 and 4)', renderSplit(report.distributions)),
    section(`Residuals by ${escapeHtml(report.residuals.field.label)}`, renderResiduals(report.residuals)),
    section('Calibration', renderCalibration(report.calibration)),
    section('Largest differences', renderDisagreements(report.disagreements)),
    section('Ordered oppositely', renderOpposite(report.opposite)),
    section('Methods', `<ul>${report.methods.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(report.title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>${style}</style></head>
<body><h1>${escapeHtml(report.title)}</h1>
<p>MOS: ${escapeHtml(mosSet.dimension)} of “${escapeHtml(mosSet.name)}” (${escapeHtml(mosSet.method)}). SF-IQA Studio ${escapeHtml(report.version)}, ${escapeHtml(report.createdAt)}.</p>
${sections.join('\n')}
</body></html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function section(title: string, body: string): string {
  return `<h2>${title}</h2>\n${body}`;
}

/** Value, interval, n; the method beneath it. */
function describeEstimate(estimate: EstimateOrReason): string {
  if ('reason' in estimate) return `– <small>${escapeHtml(estimate.reason)} n = ${estimate.n}</small>`;
  const { value, low, high, n, method, analytic } = estimate;
  const interval = low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const beside =
    analytic === undefined
      ? ''
      : `; [${analytic.low.toFixed(3)}, ${analytic.high.toFixed(3)}] ${escapeHtml(analytic.method)}`;
  return `${value.toFixed(4)}${interval} <small>n = ${n}; ${escapeHtml(method)}${beside}</small>`;
}

function brief(estimate: EstimateOrReason): string {
  if ('reason' in estimate) return `– <small>${escapeHtml(estimate.reason)}</small>`;
  const { value, low, high } = estimate;
  return `${value.toFixed(3)}${low === null || high === null ? '' : ` <small>[${low.toFixed(3)}, ${high.toFixed(3)}]</small>`}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th>${cell}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function byGenerator({ agreement }: AgreementReport): [string, Coefficients][] {
  return agreement.byGenerator.map(({ generator, coefficients }) => [
    generator ?? '(no generator)',
    coefficients,
  ]);
}

const shown = [
  ['srcc', 'SRCC'],
  ['plcc', 'PLCC'],
  ['krcc', 'KRCC τ-b'],
  ['mainScore', 'Main score'],
  ['plccMapped', 'PLCC, 4-parameter'],
  ['plccMapped5', 'PLCC, 5-parameter'],
  ['rmseMapped', 'RMSE, 4-parameter'],
  ['rmseMapped5', 'RMSE, 5-parameter'],
  ['rmse', 'RMSE'],
  ['mae', 'MAE'],
  ['outlierRatio', 'Outlier ratio'],
] as const;

function renderCoefficients(rows: readonly (readonly [string, Coefficients])[]): string {
  const [whole, ...parts] = rows;
  const all = table(
    ['', escapeHtml(whole![0])],
    shown.map(([name, label]) => [label, describeEstimate(whole![1][name])]),
  );
  if (parts.length === 0) return all;
  return `${all}<h3>By generator</h3>${table(
    ['', 'n', ...shown.slice(0, 7).map(([, label]) => label)],
    parts.map(([name, one]) => [
      escapeHtml(name),
      String(one.n),
      ...shown.slice(0, 7).map(([key]) => brief(one[key])),
    ]),
  )}`;
}

function renderTiers({ tiers, rows, leftOver }: NonNullable<AgreementReport['tiers']>): string {
  const header = [
    '',
    'All: SRCC',
    'PLCC',
    ...tiers.flatMap(({ name, images }) => [`${escapeHtml(name)} (${images}): SRCC`, 'PLCC']),
  ];
  const left = leftOver.map(
    ({ generator, images }) => `${escapeHtml(generator ?? 'no generator')} (${images})`,
  );
  return `${table(
    header,
    rows.map(({ label, all, byTier }) => [
      escapeHtml(label),
      ...[all, ...byTier].flatMap((one) => [`${brief(one.srcc)} <small>n ${one.n}</small>`, brief(one.plcc)]),
    ]),
  )}${left.length === 0 ? '' : `<p>In no tier: ${left.join(', ')}.</p>`}`;
}

function renderAblation({ rows, images }: NonNullable<AgreementReport['ablation']>): string {
  const mark = (is: boolean) => (is ? '✓' : '×');
  return table(
    [
      'Quality',
      'Similarity',
      'Fusion',
      'PLCC',
      'SRCC',
      'Main score',
      `Fusion is ahead by (SRCC, n = ${images})`,
    ],
    rows.map(({ usesQuality, usesSimilarity, usesFusion, coefficients, difference }) => [
      mark(usesQuality),
      mark(usesSimilarity),
      mark(usesFusion),
      brief(coefficients.plcc),
      brief(coefficients.srcc),
      brief(coefficients.mainScore),
      difference === null ? '' : brief(difference.srcc),
    ]),
  );
}

function renderRanking({ rows }: AgreementReport['ranking']): string {
  return table(
    ['Rank', 'Score', 'n', 'Main score', 'SRCC', 'PLCC', 'The best is ahead by (SRCC)', 'Williams p'],
    rows.map(({ rank, label, coefficients, difference }) => [
      String(rank),
      escapeHtml(label),
      String(coefficients.n),
      brief(coefficients.mainScore),
      brief(coefficients.srcc),
      brief(coefficients.plcc),
      difference === null ? '' : brief(difference.srcc),
      difference !== null && 'williams' in difference.tests.srcc
        ? formatP(difference.tests.srcc.williams.p)
        : '',
    ]),
  );
}

function formatP(p: number): string {
  return p < 0.001 ? '&lt; 0.001' : p.toFixed(3);
}

function renderSplit({ generators, train, test, problem }: AgreementReport['distributions']): string {
  if (problem !== null) return `<p>${escapeHtml(problem)}</p>`;
  const chart = drawHistograms(
    [
      { name: 'training', histogram: train.mos },
      { name: 'test', histogram: test.mos },
    ],
    'MOS',
  );
  const key = `<p class="key"><i class="side-0" style="background:#2f6fd0"></i>training ${train.images} <i class="side-1" style="background:#d9480f"></i>test ${test.images}</p>`;
  return `${chart}${key}${table(
    ['Generator', 'Training', 'Test'],
    generators.map((generator, at) => [
      escapeHtml(generator ?? '(none)'),
      String(train.generators[at]),
      String(test.generators[at]),
    ]),
  )}`;
}

function renderResiduals({ groups, withoutValue }: AgreementReport['residuals']): string {
  return `${table(
    ['', 'n', 'Mean of prediction − MOS', 'MAE', 'Quartiles'],
    groups.map(({ label, n, mean, mae, quartiles }) => [
      escapeHtml(label),
      String(n),
      brief(mean),
      mae.toFixed(3),
      quartiles.map((value) => value.toFixed(2)).join(' · '),
    ]),
  )}${withoutValue === 0 ? '' : `<p>${withoutValue} images have no value.</p>`}`;
}

function renderCalibration({ bins, slope, intercept, error }: AgreementReport['calibration']): string {
  return `<p>Slope ${brief(slope)}, intercept ${brief(intercept)}${error === null ? '' : `, calibration error ${error.toFixed(3)}`}.</p>${table(
    ['Predicted', 'MOS', 'n'],
    bins.map(({ predicted, mos, n }) => [predicted.toFixed(3), brief(mos), String(n)]),
  )}`;
}

function renderDisagreements(rows: AgreementReport['disagreements']): string {
  return table(
    ['Image', 'Generator', 'Prediction, mapped', 'MOS', 'Difference'],
    rows.map(({ name, generator, mapped, mos, gap }) => [
      escapeHtml(name),
      escapeHtml(generator ?? ''),
      mapped.toFixed(3),
      mos.toFixed(3),
      gap.toFixed(3),
    ]),
  );
}

function renderOpposite(pairs: AgreementReport['opposite']): string {
  if (pairs.length === 0) return '<p>Score and raters order no two images oppositely.</p>';
  return table(
    ['The score prefers', 'by', 'The raters prefer', 'by'],
    pairs.map(({ model, humans, predictedGap, mosGap }) => [
      escapeHtml(model.name),
      predictedGap.toFixed(3),
      escapeHtml(humans.name),
      mosGap.toFixed(3),
    ]),
  );
}
