"""What a merchant reads, in English sources; the Dutch ones are in ``templates/locale``."""
