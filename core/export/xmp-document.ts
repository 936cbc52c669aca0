/** XMP as text: our properties put into a document in which all else stays as it is. */
import { DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';

const namespaces = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  sfiqa: 'urn:sf-iqa-studio:xmp:1.0/',
} as const;

/** Names and values, in order. */
export type XmpFields = readonly (readonly [name: string, value: string])[];

/** What is told under the prefix `sfiqa`, and the stars. */
export interface XmpFacts {
  fields: XmpFields;
  /** Lists of structures. */
  lists: readonly { name: string; items: readonly XmpFields[] }[];
  /** 1 to 5; null leaves whatever is there. */
  rating: number | null;
}

const emptyDocument = `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="${namespaces.rdf}">
  <rdf:Description rdf:about=""/>
 </rdf:RDF>
</x:xmpmeta>
`;

/**
 * The document with what is told now in place of what was told before. The same facts again give the same text.
 *
 * @param existing null for a new one
 * @throws Error where `existing` is no well-formed XML, declares a document type or another encoding than UTF-8, or holds no XMP
 */
export function mergeXmp(existing: string | null, facts: XmpFacts): string {
  const document = parseXml(existing ?? emptyDocument);
  const [rdf] = document.getElementsByTagNameNS(namespaces.rdf, 'RDF');
  if (rdf === undefined) throw new Error('There is no rdf:RDF.');
  const descriptions = [...rdf.childNodes].filter(isDescription);
  for (const description of descriptions) removeOurs(description);
  const home = descriptions[0] ?? addDescription(document, rdf);
  if (home.lookupNamespaceURI('sfiqa') === null) {
    home.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns:sfiqa', namespaces.sfiqa);
  }
  const writer = new OurProperties(document, home);
  for (const [name, value] of facts.fields) writer.add(name, value);
  for (const { name, items } of facts.lists) writer.addList(name, items);
  if (facts.rating !== null) setRating([home, ...descriptions], String(facts.rating));
  return `${new XMLSerializer().serializeToString(document).trimEnd()}\n`;
}

/** What was read as UTF-8 and is written as such must not be declared to be anything else. */
const otherEncoding = /^<\?xml[^>]*\sencoding\s*=\s*["'](?!utf-?8["'])/i;

function parseXml(text: string): Document {
  if (otherEncoding.test(text)) throw new Error('Another encoding than UTF-8 is declared.');
  const document = new DOMParser({ onError: refuse }).parseFromString(text, 'text/xml');
  if (document.doctype !== null) throw new Error('A document type is declared.');
  return document;
}

/** Warnings are of what XML does not allow, but for U+FFFD, which a prompt may hold. */
function refuse(level: string, message: string): void {
  if (level !== 'warning' || !message.startsWith('Unicode replacement')) throw new Error(message);
}

function isElement(node: unknown): node is Element {
  return typeof node === 'object' && node !== null && 'nodeType' in node && node.nodeType === 1;
}

function isDescription(node: unknown): node is Element {
  return isElement(node) && node.namespaceURI === namespaces.rdf && node.localName === 'Description';
}

function addDescription(document: Document, rdf: Element): Element {
  const description = document.createElementNS(namespaces.rdf, 'rdf:Description');
  description.setAttributeNS(namespaces.rdf, 'rdf:about', '');
  rdf.appendChild(description);
  return description;
}

/** As elements, with the blank before each; or as attributes, as some programs write them again. */
function removeOurs(description: Element): void {
  for (const attribute of [...description.attributes]) {
    if (attribute.namespaceURI === namespaces.sfiqa) description.removeAttributeNode(attribute);
  }
  for (const child of [...description.childNodes].filter(isElement)) {
    if (child.namespaceURI !== namespaces.sfiqa) continue;
    const before = child.previousSibling;
    if (before !== null && isBlank(before)) description.removeChild(before);
    description.removeChild(child);
  }
}

function isBlank({ nodeType, nodeValue }: { nodeType: number; nodeValue: string | null }): boolean {
  return nodeType === 3 && (nodeValue ?? '').trim() === '';
}

/** Puts properties at the end of a description, each on a line of its own. */
class OurProperties {
  readonly #document: Document;
  readonly #home: Element;

  constructor(document: Document, home: Element) {
    this.#document = document;
    this.#home = home;
    const { lastChild } = home;
    if (lastChild === null || !isBlank(lastChild)) home.appendChild(document.createTextNode('\n  '));
  }

  add(name: string, value: string): void {
    this.#insert(this.#create(name, value));
  }

  addList(name: string, items: readonly XmpFields[]): void {
    if (items.length === 0) return;
    const bag = this.#document.createElementNS(namespaces.rdf, 'rdf:Bag');
    for (const fields of items) {
      const item = this.#document.createElementNS(namespaces.rdf, 'rdf:li');
      item.setAttributeNS(namespaces.rdf, 'rdf:parseType', 'Resource');
      for (const [field, value] of fields) this.#append(item, this.#create(field, value), 6);
      item.appendChild(this.#document.createTextNode(`\n${' '.repeat(5)}`));
      this.#append(bag, item, 5);
    }
    bag.appendChild(this.#document.createTextNode(`\n${' '.repeat(4)}`));
    const list = this.#document.createElementNS(namespaces.sfiqa, `sfiqa:${name}`);
    this.#append(list, bag, 4);
    list.appendChild(this.#document.createTextNode(`\n${' '.repeat(3)}`));
    this.#insert(list);
  }

  #create(name: string, value: string): Element {
    const element = this.#document.createElementNS(namespaces.sfiqa, `sfiqa:${name}`);
    element.appendChild(this.#document.createTextNode(cleanText(value)));
    return element;
  }

  #append(to: Element, element: Element, indent: number): void {
    to.appendChild(this.#document.createTextNode(`\n${' '.repeat(indent)}`));
    to.appendChild(element);
  }

  #insert(element: Element): void {
    const { lastChild: end } = this.#home;
    this.#home.insertBefore(this.#document.createTextNode('\n   '), end);
    this.#home.insertBefore(element, end);
  }
}

/** Without what XML has no place for. */
function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** Where there are stars already, in one form or the other, they change there. */
function setRating(descriptions: readonly Element[], stars: string): void {
  let isSet = false;
  for (const description of descriptions) {
    if (description.hasAttributeNS(namespaces.xmp, 'Rating')) {
      description.getAttributeNodeNS(namespaces.xmp, 'Rating')!.value = stars;
      isSet = true;
    }
    for (const child of [...description.childNodes].filter(isElement)) {
      if (child.namespaceURI !== namespaces.xmp || child.localName !== 'Rating') continue;
      child.textContent = stars;
      isSet = true;
    }
  }
  if (!isSet) descriptions[0]!.setAttributeNS(namespaces.xmp, 'xmp:Rating', stars);
}
