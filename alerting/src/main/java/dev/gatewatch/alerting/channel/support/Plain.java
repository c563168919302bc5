package dev.gatewatch.alerting.channel.support;

/** No markup at all, for receivers that show text as it is. Links are for buttons only. */
public enum Plain implements Markup {
    CHARS(Measure.CHARS),
    BYTES(Measure.BYTES);

    private final Measure measure;

    Plain(Measure measure) {
        this.measure = measure;
    }

    @Override
    public Measure measure() {
        return measure;
    }

    @Override
    public String escape(int point) {
        return Character.toString(point);
    }

    @Override
    public String link(String title, String address) {
        return title + ": " + address;
    }
}
