package dev.gatewatch.probes.expect;

import java.io.StringReader;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads small XML documents from peers as if they were JSON: elements become members. Nothing outside of the text is looked at. */
final class XmlDocument {
    private static final int DEEPEST = 10;
    private static final int MOST_ELEMENTS = 200;

    private XmlDocument() {}

    /** The document's root element as an object; nothing where the text is no such XML. */
    static Optional<ObjectNode> read(String text) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
            try {
                while (reader.hasNext()) {
                    if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                        var root = JsonNodeFactory.instance.objectNode();
                        new Walk(reader).into(root, 0);
                        return Optional.of(root);
                    }
                }
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | TooMuch _) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The document is larger or deeper than an error answer is. */
    private static final class TooMuch extends Exception {
        private static final long serialVersionUID = 1L;

        TooMuch() {
            super(null, null, false, false);
        }
    }

    private static final class Walk {
        private final XMLStreamReader reader;
        private int elements;

        Walk(XMLStreamReader reader) {
            this.reader = reader;
        }

        /** Puts the children of the element that was just opened into an object; answers its own text. */
        String into(ObjectNode object, int depth) throws XMLStreamException, TooMuch {
            if (depth > DEEPEST || ++elements > MOST_ELEMENTS) {
                throw new TooMuch();
            }
            var text = new StringBuilder();
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        String name = reader.getLocalName();
                        var child = JsonNodeFactory.instance.objectNode();
                        String own = into(child, depth + 1);
                        if (!object.has(name)) {
                            if (child.isEmpty()) {
                                object.put(name, own.strip());
                            } else {
                                object.set(name, child);
                            }
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        return text.toString();
                    }
                    default -> {
                        // comments and the like
                    }
                }
            }
            return text.toString();
        }
    }
}
