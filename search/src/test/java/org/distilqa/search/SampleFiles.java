package org.distilqa.search;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/** Files as office programs write them. */
final class SampleFiles {
    private SampleFiles() {}

    /** A PDF with the given lines on each of its pages; a page of none is empty. */
    static void writePdf(Path file, String password, String... pages) throws IOException {
        try (PDDocument pdf = new PDDocument()) {
            for (String lines : pages) {
                PDPage page = new PDPage();
                pdf.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                    content.setLeading(16);
                    content.newLineAtOffset(72, 700);
                    for (String line : lines.split("\n")) {
                        content.showText(line);
                        content.newLine();
                    }
                    content.endText();
                }
            }
            if (password != null) {
                pdf.protect(new StandardProtectionPolicy(password, password, new AccessPermission()));
            }
            pdf.save(file.toFile());
        }
    }

    static void writeDocx(Path file, String title, String... paragraphs) throws IOException {
        try (XWPFDocument word = new XWPFDocument();
                OutputStream out = Files.newOutputStream(file)) {
            word.getProperties().getCoreProperties().setTitle(title);
            for (String paragraph : paragraphs) {
                word.createParagraph().createRun().setText(paragraph);
            }
            word.write(out);
        }
    }

    /** A presentation with a text on each of its slides. */
    static void writePptx(Path file, String... slides) throws IOException {
        try (XMLSlideShow show = new XMLSlideShow();
                OutputStream out = Files.newOutputStream(file)) {
            for (String text : slides) {
                XSLFTextBox box = show.createSlide().createTextBox();
                box.setAnchor(new Rectangle(50, 50, 400, 200));
                box.setText(text);
            }
            show.write(out);
        }
    }

    /** A workbook with a sheet of these rows, the cells of each parted by commas. */
    static void writeXlsx(Path file, String... rows) throws IOException {
        try (XSSFWorkbook workbook = new XSSFWorkbook();
                OutputStream out = Files.newOutputStream(file)) {
            XSSFSheet sheet = workbook.createSheet("Builders");
            for (int row = 0; row < rows.length; row++) {
                String[] cells = rows[row].split(",");
                for (int cell = 0; cell < cells.length; cell++) {
                    (cell == 0 ? sheet.createRow(row) : sheet.getRow(row))
                            .createCell(cell)
                            .setCellValue(cells[cell]);
                }
            }
            workbook.write(out);
        }
    }
}
