"""What GiNZA's named entities (extended hierarchy) are among the labels of the notes; the others are left alone."""

PLACES = "Province City County Postal_Address Station Domestic_Region Geological_Region_Other GPE_Other Location_Other Region_Other Island Airport Port Car_Stop"
FACILITIES = (
    "School GOE_Other Facility_Other Public_Institution Museum Amusement_Park Park Theater Zoo Sports_Facility "
    "Research_Institute Worship_Place"
)
ORGANISATIONS = (
    "Company Company_Group Corporation_Other Organization_Other Show_Organization Sports_Organization_Other "
    "Pro_Sports_Organization Political_Party Political_Organization_Other Family"
)

LABELS = {
    "Person": "PERSON",
    **dict.fromkeys(PLACES.split(), "ADDRESS"),
    **dict.fromkeys(FACILITIES.split(), "FACILITY"),
    **dict.fromkeys(ORGANISATIONS.split(), "ORG"),
    "Phone_Number": "PHONE",
    "Email": "EMAIL",
    "URL": "OTHER_ID",
    "ID_Number": "ID_NUMBER",
    "Date": "DATE",
    "Age": "AGE",
}
