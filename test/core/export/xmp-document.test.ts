/** XMP as text: what is ours is put in place of what was ours, and nothing else is lost. */
import { describe, expect, test } from 'vitest';
import { mergeXmp, type XmpFacts } from '../../../core/export/xmp-document.ts';

const facts: XmpFacts = {
  fields: [
    ['prompt', 'a <fox> & "hen" ]]> 狐 \u0001'],
    ['Q', '3.5'],
  ],
  lists: [
    {
      name: 'scores',
      items: [
        [
          ['target', 'quality'],
          ['P', '3.25'],
        ],
      ],
    },
  ],
  rating: null,
};

function edited(inside: string, attributes = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Another tool">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"${attributes}>
   ${inside}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;
}
const subject = '<dc:subject><rdf:Bag><rdf:li>fox &amp; hen</rdf:li></rdf:Bag></dc:subject>';

describe('a new document', () => {
  test('holds what is told, with what XML has no place for replaced', () => {
    expect(mergeXmp(null, facts)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:sfiqa="urn:sf-iqa-studio:xmp:1.0/">
   <sfiqa:prompt>a &lt;fox&gt; &amp; "hen" ]]&gt; 狐 \uFFFD</sfiqa:prompt>
   <sfiqa:Q>3.5</sfiqa:Q>
   <sfiqa:scores>
    <rdf:Bag>
     <rdf:li rdf:parseType="Resource">
      <sfiqa:target>quality</sfiqa:target>
      <sfiqa:P>3.25</sfiqa:P>
     </rdf:li>
    </rdf:Bag>
   </sfiqa:scores>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`);
  });

  test('is the same text when the same is told again, and keeps nothing that is no longer told', () => {
    const once = mergeXmp(null, facts);
    expect(mergeXmp(once, facts)).toBe(once);
    const less = mergeXmp(once, { fields: [['Q', '4']], lists: [], rating: null });
    expect(less).toBe(mergeXmp(null, { fields: [['Q', '4']], lists: [], rating: null }));
  });
});

describe('an existing document', () => {
  test('keeps its other properties, comments and stars', () => {
    const before = edited(subject, ' xmp:Rating="2" dc:source="a&#10;b"');
    const merged = mergeXmp(before, facts);
    for (const kept of [
      '<!-- made by hand -->',
      'x:xmptk="Another tool"',
      subject,
      'xmp:Rating="2"',
      'dc:source="a&#10;b"',
    ]) {
      expect(merged).toContain(kept);
    }
    expect(merged).toContain('<sfiqa:Q>3.5</sfiqa:Q>');
    expect(mergeXmp(merged, facts)).toBe(merged);
  });

  test.each([
    ['as an attribute', edited(subject, ' xmp:Rating="2"'), 'xmp:Rating="4"'],
    ['as an element', edited('<xmp:Rating>2</xmp:Rating>'), '<xmp:Rating>4</xmp:Rating>'],
    ['not yet', edited(subject), 'xmp:Rating="4"'],
  ])('has its stars changed where they are: %s', (_where, before, after) => {
    const merged = mergeXmp(before, { ...facts, rating: 4 });
    expect(merged).toContain(after);
    expect(merged.match(/Rating/g)).toHaveLength(before.includes('<xmp:Rating>') ? 2 : 1);
    expect(mergeXmp(merged, { ...facts, rating: 4 })).toBe(merged);
  });

  test('has ours replaced where another program wrote them as attributes', () => {
    const before = edited(subject, ' xmlns:sfiqa="urn:sf-iqa-studio:xmp:1.0/" sfiqa:Q="1.5"');
    expect(mergeXmp(before, facts)).not.toContain('1.5');
  });

  test('keeps properties of another namespace under our prefix', () => {
    const merged = mergeXmp(edited(subject, ' xmlns:sfiqa="urn:other/" sfiqa:Q="theirs"'), facts);
    expect(merged).toContain('sfiqa:Q="theirs"');
    expect(merged).toContain('<sfiqa:Q xmlns:sfiqa="urn:sf-iqa-studio:xmp:1.0/">3.5</sfiqa:Q>');
    expect(mergeXmp(merged, facts)).toBe(merged);
  });
});

test.each([
  ['nothing', ''],
  ['no XML', 'Rating: 4'],
  ['an unclosed element', edited('<dc:subject>')],
  ['an unknown entity', edited('<dc:title>&nbsp;</dc:title>')],
  ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>\n${edited(subject).split('\n').slice(1).join('\n')}`],
  // Our own words would be read wrongly, and theirs were.
  [
    'another encoding',
    `<?xml version="1.0" encoding="ISO-8859-1"?>\n${edited(subject).split('\n').slice(1).join('\n')}`,
  ],
  ['another kind of XML', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
])('%s is refused', (_what, text) => {
  expect(() => mergeXmp(text, facts)).toThrow();
});
