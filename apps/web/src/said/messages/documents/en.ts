import type { documentParams, WordsFor } from '../words-for.ts';

export default {
  'document.unreadable_in_time':
    'Reading the file took too long\nIt could not be read within {seconds} s; nothing was stored. Split it into parts, or hand in a smaller one.',
  'document.unreadable_in_memory':
    'Reading the file took too much memory\nNothing was stored. Split it into parts, or hand in a smaller one.',
  'document.empty': 'The file is empty\nIt holds neither text nor pictures. Choose another file.',
  'document.unsupported_format':
    'The file is of a kind that is not read here\nBooks are read in EPUB, FB2, MOBI (version 6) and plain text. Convert it to EPUB, for instance with calibre.',
  'document.too_large':
    'The file is too large\nAt most {limit_bytes} are accepted. Remove pictures from it or send it in volumes.',
  'document.damaged_archive':
    'The file is damaged or not complete\nDownload or copy it once more and send it again.',
  'document.zip_bomb':
    'The archive unpacks to more than any honest book does\nIf the book is honest, remove pictures or sound from it and pack it again.',
  'document.too_many_entries':
    'The archive has too many files\nFiles in it: {entries}, accepted: {limit}.',
  'document.entry_too_large':
    'One file inside the archive is too large\nRemove {entry} from the archive or make it smaller.',
  'document.unsafe_path':
    'A name inside the archive points outside of it\nIt is {name}. No honest book does that; do not open it with other programs either.',
  'document.protected':
    'The file is protected against copying\nIts text cannot be read. Send a copy without protection.',
  'document.too_many_fb2':
    'The archive holds several books\nFB2 books in it: {books}. Unpack it and send them one by one.',
  'document.damaged_package':
    'The EPUB is damaged\nIts list of contents is missing or unreadable. Open it with another program, such as calibre, and save it as EPUB again.',
  'document.damaged_fb2':
    'The FB2 file has no book in it\nCheck it in a reading program and send it again.',
  'document.too_deep':
    'The book is nested too deeply\nMore than {limit} levels are not read. Convert it with another program, such as calibre.',
  'document.entities':
    'The file is made in a way that harms its readers\nIf it comes from where you trust, convert it with calibre and send the result.',
  'document.too_complex':
    'The book is too complex\nIt has more than {limit} elements or lines. Convert it with another program, such as calibre, or send it in volumes.',
  'document.too_much_text': 'The book has too much text\nSend it in volumes.',
  'document.too_many_toc_entries':
    'The table of contents is too long\nAt most {limit} entries are accepted. Send the book in volumes.',
  'document.too_many_chapters':
    'The book has too many chapters\nChapters: {chapters}, accepted: {limit}. Send it in volumes.',
  'document.chapter_too_large':
    'One chapter has too much text\nCharacters: {characters}, accepted: {limit}. Give the book headings or a table of contents, so that it can be divided.',
  'document.not_a_pdf':
    'This is no PDF\nA name that ends in .pdf does not make one: export or print the document as PDF.',
  'document.damaged_pdf':
    'The PDF is damaged\nGet it once more from where it came from, or open it in a PDF viewer, print it to a new PDF and send that.',
  'document.password_required': 'The PDF needs a password\nSend the password along with the file.',
  'document.wrong_password':
    'The password does not open this PDF\nMind capitals and the layout of the keyboard, and try again.',
  'document.no_text_layer':
    'The PDF has no text in it\nIts pages are pictures or blank. Pages in all: {pages}, without text: {textless}. Run text recognition (OCR) over it, for instance with OCRmyPDF, and send the result.',
  'document.no_pages': 'The PDF has no pages\nExport the document once more and send the result.',
  'document.too_many_pages':
    'The PDF has too many pages\nPages: {pages}, accepted: {limit}. Send it in volumes.',
  'document.page_too_large':
    'One page of the PDF has too much text\nPage {page} has {characters} characters; {limit} are accepted. Remove that page, or print the document to a new PDF.',
  'document.page_too_slow':
    'One page of the PDF takes too long to read\nIt is page {page}. Remove it, or print the document to a new PDF.',
  'document.too_much_memory':
    'Reading the PDF takes too much memory\nRemove pictures from it or send it in parts.',
} as const satisfies WordsFor<typeof documentParams>;
